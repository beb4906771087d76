import { expect, test } from "bun:test"
import type { Usage } from "../../lib/redis/usage.ts"
import { createCostMeter } from "./cost.ts"

const MINUTE = 60_000
const at = (minute: number, all: number, ofClients = 0): Usage => ({
  from: 0,
  to: minute * MINUTE,
  all,
  ofClients,
})

/** What is told after these readings, the last of them when it is asked for. */
async function told(...readings: (Usage | undefined)[]) {
  const meter = createCostMeter(async () => readings.shift())
  while (readings.length > 1) await meter.tell()
  return await meter.tell()
}

test("what Redis did in the last hour is told, and what that costs a month where it is billed", async () => {
  const usage = [0, 30, 60, 90].map((minute) => at(1_000 + minute, 50_000 + minute * 1_000, minute * 100))
  expect(await told(...usage)).toEqual({
    // A thousand a minute: 60,000 an hour, 43.8 million a month, at 20 cents the hundred thousand.
    commandsPerHour: 60_000,
    monthlyCents: 8_760,
    withoutScripts: { commandsPerHour: 6_000, monthlyCents: 876 },
    measuredSeconds: 3_600,
    rate: { centsPer100k: 20, source: expect.stringContaining("upstash.com") },
  })
})

test("while less than ten minutes are known, it is what Redis has done since its start", async () => {
  expect(await told(at(1_000, 100_000), at(1_009, 900_000))).toMatchObject({
    measuredSeconds: 1_009 * 60,
    commandsPerHour: Math.round(900_000 / (1_009 / 60)),
  })
  expect(await told(at(1_000, 100_000), at(1_010, 110_000))).toMatchObject({
    measuredSeconds: 600,
    commandsPerHour: 60_000,
  })
})

test("a Redis that was started anew is not told as having done less than nothing", async () => {
  const { commandsPerHour } = await told(at(1_000, 100_000), at(1_030, 130_000), {
    ...at(1_031, 500),
    from: 1_030 * MINUTE,
  })
  expect(commandsPerHour).toBe(30_000)
})

test("one that does not tell is said not to", async () => {
  await expect(told(undefined)).rejects.toThrow("does not tell what it does")
})
