import { expect, test } from "bun:test"
import { sparingly } from "./sparingly.ts"

test("does one thing at a time in the order asked, goes on after one that fails, and refuses a long line", async () => {
  let atWork = 0
  const order: number[] = []
  const work = (place: number) => async () => {
    expect(++atWork).toBe(1)
    await Bun.sleep(1)
    order.push(place)
    atWork--
    if (place === 3) throw new Error("no")
    return place
  }
  const told = await Promise.allSettled(Array.from({ length: 12 }, (_, place) => sparingly(work(place))))
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(told[3]).toMatchObject({ status: "rejected", reason: new Error("no") })
  for (const late of told.slice(10))
    expect(late).toMatchObject({ status: "rejected", reason: { status: 503 } })
  expect(await sparingly(async () => "again")).toBe("again")
})

test("rests after each as long as it took, so that others have their turn", async () => {
  const began: number[] = []
  const ended: number[] = []
  const work = async () => {
    began.push(performance.now())
    await Bun.sleep(30)
    ended.push(performance.now())
  }
  await Promise.all([sparingly(work), sparingly(work), sparingly(work)])
  for (const place of [1, 2]) {
    const took = ended[place - 1]! - began[place - 1]!
    expect(began[place]! - ended[place - 1]!).toBeGreaterThan(0.8 * took)
  }
})
