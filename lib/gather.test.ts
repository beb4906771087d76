import { expect, test } from "bun:test"
import { gather } from "./gather.ts"

test("gathers what comes while work is under way, and loses nothing", async () => {
  const works: number[][] = []
  const release: (() => void)[] = []
  const add = gather<number>((items) => {
    works.push(items)
    return new Promise<void>((resolve) => release.push(resolve))
  }, 2)
  const done = Promise.all([1, 2, 3, 4].map(add))
  expect(works).toEqual([[1]])
  while (works.flat().length < 4) {
    release.shift()?.()
    await Promise.resolve()
  }
  release.shift()?.()
  await done
  expect(works).toEqual([[1], [2, 3], [4]])
})

test("tells those alone whose work has failed, and goes on", async () => {
  const add = gather<string>(async ([item]) => {
    if (item === "bad") throw new Error("no")
  }, 1)
  const told = await Promise.allSettled(["bad", "good", "bad", "good"].map(add))
  expect(told.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected", "fulfilled"])
  await add("good")
})
