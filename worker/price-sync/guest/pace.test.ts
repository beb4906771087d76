import { expect, test } from "bun:test"
import fc from "fast-check"
import { createPace } from "./pace.ts"

const { signal } = new AbortController()

/** Pauses that last until they are ended, oldest first. */
function createPauses() {
  const lengths: number[] = []
  const pending: (() => void)[] = []
  return {
    lengths,
    wait: (milliseconds: number) => {
      lengths.push(milliseconds)
      return new Promise<void>((resolve) => pending.push(resolve))
    },
    end: () => pending.shift()!(),
  }
}

/** All that can happen without something from outside has happened. */
const settled = () => Bun.sleep(1)

test("has so many under way at a time, and the others in their order", async () => {
  const { wait, end, lengths } = createPauses()
  const pace = createPace({ parallel: 2, pause: 1_000, wait, random: () => 0.5 })
  const order: number[] = []
  const all = [1, 2, 3, 4].map((number) =>
    pace(async (begun) => {
      begun()
      order.push(number)
    }, signal),
  )
  await settled()
  expect(order).toEqual([1, 2])
  end()
  await settled()
  expect(order).toEqual([1, 2, 3])
  end()
  await Promise.all(all)
  expect(order).toEqual([1, 2, 3, 4])
  expect(lengths).toEqual([1_000, 1_000, 1_000, 1_000])
})

test("pauses between half and one and a half times as long as it is told", async () => {
  const { wait, lengths } = createPauses()
  const chances = [0, 0.25, 0.999]
  const pace = createPace({ parallel: 3, pause: 2_000, wait, random: () => chances.shift()! })
  await Promise.all([1, 2, 3].map(() => pace(async (begun) => begun(), signal)))
  expect(lengths).toEqual([1_000, 1_500, 2_998])
})

test("does not pause where nothing was asked", async () => {
  const { wait, lengths } = createPauses()
  const pace = createPace({ parallel: 1, pause: 1_000, wait })
  const refuse = () => pace(() => Promise.reject(new Error("not today")), signal)
  for (const _ of [1, 2, 3]) await expect(refuse()).rejects.toThrow("not today")
  expect(lengths).toEqual([])
})

test("pauses after a failure as after an answer", async () => {
  const { wait, end, lengths } = createPauses()
  const pace = createPace({ parallel: 1, pause: 1_000, wait })
  const failing = pace(async (begun) => {
    begun()
    throw new Error("HTTP 503")
  }, signal)
  await expect(failing).rejects.toThrow("HTTP 503")
  let came = false
  const next = pace(async () => {
    came = true
  }, signal)
  await settled()
  expect([came, lengths.length]).toEqual([false, 1])
  end()
  await next
})

test("who gives up waiting takes no place", async () => {
  const { wait, end } = createPauses()
  const pace = createPace({ parallel: 1, pause: 1_000, wait })
  await pace(async (begun) => begun(), signal)
  const stop = new AbortController()
  const giving = pace(async () => "came", stop.signal)
  const staying = pace(async () => "came", signal)
  stop.abort(new Error("enough"))
  await expect(giving).rejects.toThrow("enough")
  end()
  expect(await staying).toBe("came")
  await expect(pace(async () => "came", AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late")
  expect(await pace(async () => "came", signal)).toBe("came")
})

test("whatever comes of them, there are never more, and all have their turn", async () => {
  const kind = fc.constantFrom("answer", "fail", "refuse", "abort")
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(kind, { maxLength: 12 }),
      fc.integer({ min: 1, max: 3 }),
      async (s, kinds, parallel) => {
        const wait = () => s.schedule(Promise.resolve(), "pause")
        const pace = createPace({ parallel, pause: 1, wait })
        let under = 0
        let most = 0
        const all = kinds.map(async (kind) => {
          // Some come while others wait.
          await s.schedule(Promise.resolve(), "come")
          const stop = new AbortController()
          if (kind === "abort")
            void s.schedule(Promise.resolve(), "abort").then(() => stop.abort(new Error("stop")))
          return await pace(async (begun) => {
            under += 1
            most = Math.max(most, under)
            if (kind !== "refuse") begun()
            await s.schedule(Promise.resolve(), "request")
            under -= 1
            if (kind === "fail" || kind === "refuse") throw new Error(kind)
          }, stop.signal)
        })
        const ends = Promise.allSettled(all)
        await s.waitFor(ends)
        expect(under).toBe(0)
        expect(most).toBeLessThanOrEqual(parallel)
        expect((await ends).filter(({ status }) => status === "fulfilled").length).toBeGreaterThanOrEqual(
          kinds.filter((kind) => kind === "answer").length,
        )
      },
    ),
    { numRuns: 200 },
  )
})
