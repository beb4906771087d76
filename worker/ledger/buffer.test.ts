import { expect, test } from "bun:test"
import { until } from "../../sandbox/until.ts"
import { createBuffer } from "./buffer.ts"
import type { Entry } from "./entry.ts"

const entry = (id: number, size = 10): Entry => ({ id: String(id), run: "{}", events: [], size })
const entries = (count: number, from = 0) => Array.from({ length: count }, (_, n) => entry(from + n))
const numbers = (written: Entry[][]) => written.flat().map(({ id }) => Number(id))
const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, n) => from + n)

test("writes together what comes within a moment, in order", async () => {
  const written: Entry[][] = []
  const buffer = createBuffer({ write: async (batch) => void written.push(batch) })
  for (const each of entries(20)) buffer.add(each)
  expect(written).toEqual([])
  expect(await until(() => written.length > 0, 2_000)).toBe(true)
  expect(written).toHaveLength(1)
  expect(numbers(written)).toEqual(upTo(20))
})

test("writes at most 500 at a time, one batch after the other", async () => {
  const written: Entry[][] = []
  let atOnce = 0
  let most = 0
  const buffer = createBuffer({
    write: async (batch) => {
      most = Math.max(most, ++atOnce)
      await Promise.resolve()
      written.push(batch)
      atOnce--
    },
  })
  for (const each of entries(1_700)) buffer.add(each)
  await buffer.close(5_000)
  expect(numbers(written)).toEqual(upTo(1_700))
  expect(written.map(({ length }) => length)).toEqual([500, 500, 500, 200])
  expect(most).toBe(1)
})

test("writes less at a time of what is large", async () => {
  const written: Entry[][] = []
  const buffer = createBuffer({ write: async (batch) => void written.push(batch) })
  for (let id = 0; id < 12; id++) buffer.add(entry(id, 1024 * 1024))
  await buffer.close(5_000)
  expect(written.map(({ length }) => length)).toEqual([4, 4, 4])
})

test("keeps what could not be written and writes it, in order, once that is possible", async () => {
  const written: Entry[][] = []
  let away = true
  const buffer = createBuffer({
    write: async (batch) => {
      if (away) throw Object.assign(new Error("away"), { code: "ECONNREFUSED" })
      written.push(batch)
    },
  })
  for (const each of entries(700)) buffer.add(each)
  await buffer.close(50)
  expect(written).toEqual([])

  const patient = createBuffer({
    write: async (batch) => {
      if (away) throw new Error("away")
      written.push(batch)
    },
  })
  for (const each of entries(700)) patient.add(each)
  await Bun.sleep(0)
  for (const each of entries(700, 700)) patient.add(each)
  away = false
  expect(await until(() => written.flat().length === 1_400, 5_000)).toBe(true)
  expect(numbers(written)).toEqual(upTo(1_400))
})

test("drops the oldest when it holds too much, and says so once writing is possible", async () => {
  const written: Entry[][] = []
  let away = true
  let losses = 0
  const buffer = createBuffer(
    {
      write: async (batch) => {
        if (away) throw new Error("away")
        written.push(batch)
      },
      onLost: () => void losses++,
    },
    { entries: 2_000, size: 1_000_000 },
  )
  for (const each of entries(10_000)) buffer.add(each)
  expect(losses).toBe(0)
  away = false
  expect(await until(() => written.flat().length > 0, 5_000)).toBe(true)
  await buffer.close(5_000)
  const kept = numbers(written)
  expect(kept.length).toBeLessThanOrEqual(2_500)
  expect(kept.length).toBeGreaterThan(1_000)
  expect(kept.at(-1)).toBe(9_999)
  expect(losses).toBe(1)
})

test("closes in the time it is given, though nothing can be written", async () => {
  const buffer = createBuffer({ write: () => new Promise(() => undefined) })
  buffer.add(entry(1))
  const begun = performance.now()
  await buffer.close(100)
  expect(performance.now() - begun).toBeLessThan(1_000)
})

test("keeps no process alive once it is closed", async () => {
  const script = `
    const { createBuffer } = await import("${import.meta.dir}/buffer.ts")
    const buffer = createBuffer({ write: async () => { throw new Error("away") } })
    for (let id = 0; id < 600; id++) buffer.add({ id: String(id), run: "{}", events: [], size: 2 })
    await buffer.close(300)
    console.log("closed")
  `
  const child = Bun.spawn([process.execPath, "-e", script], {
    env: process.env,
    stdout: "pipe",
    stderr: "pipe",
  })
  expect(await new Response(child.stdout).text()).toEndWith("closed\n")
  expect(await child.exited).toBe(0)
})
