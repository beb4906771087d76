import { afterEach, expect, test } from "bun:test"
import { setImmediate } from "node:timers/promises"
import { until } from "../sandbox/until.ts"
import { pause } from "./pause.ts"
import { keepRounds, OUTAGE, type Rest } from "./rounds.ts"

const LONG = 60_000
const PATIENCE = 10_000

let rounds: ReturnType<typeof keepRounds> | undefined
afterEach(async () => {
  await rounds?.stop()
  rounds = undefined
})

/** Rounds that ask for these rests, one after the other, and the last for ever. */
function keep(...rests: Rest[]) {
  const begun: Rest[] = []
  rounds = keepRounds(async () => {
    const rest = rests.length > 1 ? rests.shift()! : rests[0]!
    begun.push(rest)
    return rest
  })
  return begun
}

test("a rest ends when there is something new to do, also when that is heard of in the middle of a round", async () => {
  const begun = keep(0, LONG)
  expect(await until(() => begun.length === 2, PATIENCE)).toBe(true)
  rounds!.wake()
  expect(await until(() => begun.length === 3, PATIENCE)).toBe(true)
  await rounds!.stop()

  let count = 0
  rounds = keepRounds(async () => {
    count++
    await pause(1)
    if (count === 1) rounds!.wake()
    return LONG
  })
  expect(await until(() => count === 2, PATIENCE)).toBe(true)
})

test("in an outage no wake ends the rest", async () => {
  const begun = keep(OUTAGE, LONG)
  expect(await until(() => begun.length === 1, PATIENCE)).toBe(true)
  for (let heard = 0; heard < 100; heard++) {
    rounds!.wake()
    await setImmediate()
  }
  expect(begun).toHaveLength(1)
  expect(await until(() => begun.length === 2, PATIENCE)).toBe(true)
})

test("stops at once in a rest or an outage, and waits for the round under way and for what it has begun", async () => {
  for (const rest of [LONG, OUTAGE] as const) {
    const begun = keep(rest)
    expect(await until(() => begun.length === 1, PATIENCE)).toBe(true)
    await rounds!.stop()
    expect(begun).toHaveLength(1)
  }
  const ended: string[] = []
  rounds = keepRounds(async () => {
    await pause(20)
    ended.push("the round")
    return LONG
  })
  await rounds.stop(async () => ended.push("what it has begun"))
  expect(ended).toEqual(["the round", "what it has begun"])
})
