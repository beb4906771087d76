import { expect, test } from "bun:test"
import { setTimeout as wait } from "node:timers/promises"
import { createTurns } from "../turns.ts"
import { inLanes } from "./lanes.ts"

const { signal } = new AbortController()
const items = Array.from({ length: 20 }, (_, index) => index)

test("each item is done once, in order, so many at a time", async () => {
  const begun: number[] = []
  let underWay = 0
  let most = 0
  await inLanes(items, { lanes: 3, signal }, async (item) => {
    begun.push(item)
    most = Math.max(most, ++underWay)
    await wait(item % 3)
    underWay -= 1
  })
  expect(begun).toEqual(items)
  expect(most).toBe(3)
})

test("when one fails the others are told, none is begun, and the error comes once all have ended", async () => {
  const error = new Error("broken")
  const ended: unknown[] = []
  const begun: number[] = []
  const failing = inLanes(items, { lanes: 3, signal }, async (item, signal) => {
    begun.push(item)
    if (item === 2) throw error
    await new Promise((resolve) => signal.addEventListener("abort", resolve))
    await wait(5)
    ended.push(signal.reason)
  })
  await expect(failing).rejects.toBe(error)
  expect(begun).toEqual([0, 1, 2])
  expect(ended).toEqual([error, error])
})

test("stopped, it begins nothing more and ends with the reason", async () => {
  const stop = new AbortController()
  const begun: number[] = []
  const stopping = inLanes(items, { lanes: 1, signal: stop.signal }, async (item) => {
    begun.push(item)
    if (item === 4) stop.abort(new Error("enough"))
  })
  await expect(stopping).rejects.toThrow("enough")
  expect(begun).toEqual([0, 1, 2, 3, 4])
})

test("turns are taken one at a time, and a failure is its own", async () => {
  const inTurn = createTurns()
  const said: string[] = []
  const slow = inTurn(async () => {
    await wait(5)
    said.push("slow")
  })
  const failing = inTurn(() => Promise.reject(new Error("broken")))
  const last = inTurn(async () => said.push("last"))
  await expect(failing).rejects.toThrow("broken")
  await Promise.all([slow, last])
  expect(said).toEqual(["slow", "last"])
})
