import { expect, test } from "bun:test"
import { createPatience } from "./patience.ts"

const never = () => new Promise<never>(() => undefined)

test("what comes in time comes through, be it a value or an error", async () => {
  const patiently = createPatience(60_000, "Redis")
  expect(await patiently(Promise.resolve(1))).toBe(1)
  await expect(patiently(Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError)
})

test("what does not is a TimeoutError that says what it was, each after its own time", async () => {
  const patiently = createPatience(50, "Redis")
  const began = performance.now()
  const first = patiently(never()).catch((error) => ({ error, after: performance.now() - began }))
  await Bun.sleep(20)
  const second = patiently(never()).catch((error) => ({ error, after: performance.now() - began }))
  const [one, other] = await Promise.all([first, second])
  expect(one.error).toMatchObject({ name: "TimeoutError", message: "Redis took more than 50 ms" })
  expect(one.after).toBeGreaterThanOrEqual(49)
  expect(other.error).toMatchObject({ name: "TimeoutError" })
  expect(other.after).toBeGreaterThanOrEqual(69)
})

test("what has come keeps nothing that is still awaited from being late", async () => {
  const patiently = createPatience(20, "Redis")
  const late = patiently(never())
  await patiently(Promise.resolve())
  await expect(late).rejects.toThrow("took more than 20 ms")
})
