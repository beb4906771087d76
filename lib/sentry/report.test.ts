import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { type SentryStandIn, startSentry } from "../../sandbox/sentry.ts"
import { runtimes, startService } from "../../sandbox/service.ts"
import { endReporting, reportCheckIn, reportError, startReporting } from "./report.ts"

let sentry: SentryStandIn

beforeEach(() => {
  sentry = startSentry()
  process.env.SENTRY_DSN = sentry.dsn
})

afterEach(async () => {
  delete process.env.SENTRY_DSN
  await endReporting()
  await sentry.stop()
})

test("does nothing, and loads nothing, without a DSN", async () => {
  delete process.env.SENTRY_DSN
  await startReporting()
  let asked = false
  reportError(new Error("lost"), () => {
    asked = true
    return {}
  })
  await endReporting()
  expect(asked).toBe(false)
  expect(sentry.asked()).toBe(0)

  const imports = new Bun.Transpiler({ loader: "ts" })
  const kinds = imports
    .scanImports(await Bun.file(join(import.meta.dir, "report.ts")).text())
    .map(({ path, kind }) => `${kind} ${path}`)
  expect(kinds.filter((imported) => /client|sentry\/bun/.test(imported))).toEqual([
    "dynamic-import ./client.ts",
  ])
})

test("redacts every text, names of fields and causes included", async () => {
  await startReporting()
  const cause = new Error("of ana@example.com")
  reportError(new Error("Bearer abcdefghij failed for 529.982.247-25", { cause }), () => ({
    tags: { who: "bia@example.com" },
    contexts: { run: { "caio@example.com": { deep: { down: ["dora@example.com"] } } } },
  }))
  await endReporting()
  const [event] = sentry.events()
  expect(event.exception.values.map(({ value }: { value: string }) => value)).toEqual([
    "of a***@example.com",
    "Bearer *** failed for ***",
  ])
  expect(event.tags).toEqual({ who: "b***@example.com" })
  expect(event.contexts.run).toEqual({ "c***@example.com": { deep: { down: ["d***@example.com"] } } })
})

test("tells the same error object again when it is thrown again", async () => {
  await startReporting()
  const error = new Error("always the same")
  reportError(error)
  reportError(error)
  reportError("no error at all")
  await endReporting()
  expect(sentry.events()).toHaveLength(3)
})

test("is made to fail by nothing", async () => {
  await startReporting()
  reportError(new Error("fine"), () => {
    throw new Error("not fine")
  })
  const cyclic: Record<string, unknown> = { big: 1n }
  cyclic.self = cyclic
  reportError(Object.freeze(new Error("frozen")), () => ({ contexts: { cyclic } }))
  reportError(undefined)
  await endReporting()
  expect(sentry.events()).toHaveLength(2)
})

test("tells Sentry when a schedule is due", async () => {
  await startReporting()
  const rule = { cron: "0 9 * * *", zone: "America/Sao_Paulo", margin: 15, longest: 105 }
  reportCheckIn(() => ({ schedule: "payment-reminders", id: "0".repeat(31).concat("1"), status: "ok", rule }))
  await endReporting()
  expect(sentry.checkIns()).toMatchObject([
    {
      monitor_slug: "payment-reminders",
      status: "ok",
      monitor_config: {
        schedule: { type: "crontab", value: "0 9 * * *" },
        timezone: "America/Sao_Paulo",
        checkin_margin: 15,
        max_runtime: 105,
      },
    },
  ])
})

test("waits for Sentry no longer than two seconds", async () => {
  sentry.become("hang")
  await startReporting()
  reportError(new Error("never heard of"))
  const began = performance.now()
  await endReporting()
  expect(performance.now() - began).toBeWithin(1_000, 2_500)
})

test("refuses a DSN that is none, in a sentence", async () => {
  process.env.SENTRY_DSN = "https://sentry.io"
  await expect(startReporting()).rejects.toThrow(
    "SENTRY_DSN is not right: of the form https://key@host/project",
  )
})

const ways = {
  uncaughtException: "throw new Error('Boom ana@example.com')",
  unhandledRejection: "Promise.reject(new Error('Boom ana@example.com'))",
}

describe.each(["bun", "deno"] as const)("on %s", (runtime) => {
  test.each(Object.entries(ways))(
    "an %s is logged and reported, and ends the process",
    async (type, statement) => {
      const code = `
        import { exitOnCrash } from "./lib/crash.ts"
        import { startReporting } from "./lib/sentry/report.ts"
        await startReporting()
        exitOnCrash()
        setTimeout(() => { ${statement} }, 10)
        setTimeout(() => undefined, 60_000)`
      const crashing = await startService([runtimes[runtime][0], runtime === "bun" ? "-e" : "eval", code], {
        SENTRY_RELEASE: "a-release",
      })
      expect(await crashing.ended).toBe(1)
      expect(crashing.output()).toContain("Stopping: nothing has caught an error")
      expect(crashing.output()).not.toContain("ana@example.com")
      expect(sentry.events()).toMatchObject([
        {
          level: "fatal",
          release: "a-release",
          contexts: { runtime: { name: runtime } },
          exception: { values: [{ value: "Boom a***@example.com", mechanism: { type, handled: false } }] },
        },
      ])
    },
  )
})
