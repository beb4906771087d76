import { expect, test } from "bun:test"
import { RunTimedOut } from "../lib/errors.ts"
import { ActiveRun } from "./active-run.ts"
import { heeded } from "./heeded.ts"

const lost = new Error("the lock of the run is lost")
const late = new RunTimedOut("Timed out after 1 ms")

test("the first reason to stop counts, and whoever asks for the signal hears of it, before or after", () => {
  const run = new ActiveRun("1")
  run.stop(lost)
  run.stop(new Error("another"))
  expect(run.reason).toBe(lost)
  expect(run.signal.reason).toBe(lost)
  const other = new ActiveRun("2")
  const { signal } = other
  other.stop(late)
  expect(signal.reason).toBe(late)
})

test("a reason that ends a run for good counts also after one that does not, and not the other way round", () => {
  const run = new ActiveRun("1")
  run.stop(lost)
  run.stop(late)
  expect(run.reason).toBe(late)
  run.stop(lost)
  expect(run.reason).toBe(late)
})

test("a run that has lost its lock and is deaf ends when its time is over", async () => {
  const run = new ActiveRun("1")
  let ignored = 0
  const ended = heeded(new Promise(() => undefined), run, () => ignored++).catch((error) => error)
  run.stop(lost)
  run.stop(late)
  expect(await ended).toBe(late)
  expect(ignored).toBe(1)
}, 20_000)
