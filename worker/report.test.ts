import { afterEach, beforeEach, expect, test } from "bun:test"
import type { Job as QueuedJob } from "bullmq"
import { enqueue } from "../lib/enqueue.ts"
import { email } from "../lib/jobs/email.ts"
import { queueClient, queueKey, queueOf } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { findRun } from "../lib/runs.ts"
import { slotRunId } from "../lib/schedules/run-id.ts"
import { endReporting, startReporting } from "../lib/sentry/report.ts"
import { freePort } from "../sandbox/ports.ts"
import { type SentryStandIn, startSentry } from "../sandbox/sentry.ts"
import { runtimes, type Service, startService } from "../sandbox/service.ts"
import { world } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import { reporter } from "./report.ts"
import { createTroubles } from "./troubles.ts"

/** What nobody but the agency may see. */
const PLANTED = [
  "fulano.segredo@example.com",
  "Fulano Segredo",
  "529.982.247-25",
  "est_planted_key_1234",
  "s3nha-secreta",
]
const HARMLESS = "a marker that is harmless"

const mail = () => ({
  to: PLANTED[0]!,
  template: "welcome" as const,
  data: { userName: PLANTED[1]!, loginUrl: "https://app.example.com/?t=s3nha-secreta" },
})

let sentry: SentryStandIn
let service: Service | undefined
const start = async (command: readonly string[], env: Record<string, string> = {}) => {
  service = await (
    await startService(command, { SENTRY_DSN: sentry.dsn, SENTRY_ENVIRONMENT: "rehearsal", ...env })
  ).up()
  return service
}
const startWorker = (env: Record<string, string> = {}) => start([process.execPath, "worker/main.ts"], env)
const statusOf = async (id: string) => (await findRun(email, id))?.status
const failing = (times: number) =>
  world.resend.fail({
    times,
    status: 500,
    name: "application_error",
    message: `${HARMLESS}: ${PLANTED[1]} <${PLANTED[0]}>, ${PLANTED[2]}, ${PLANTED[3]}, redis://me:${PLANTED[4]}@host`,
  })

beforeEach(() => {
  sentry = startSentry()
})

afterEach(async () => {
  await service?.stop()
  service = undefined
  await sentry.stop()
  world.resend.forgive()
  await queueOf(email).obliterate({ force: true })
})

test("tells every failed try of a run, as one issue, with all that is known and nobody's data", async () => {
  failing(3)
  const worker = await startWorker({ SENTRY_RELEASE: "a-release" })
  const asked = await queueOf(email).add(
    "welcome-mail",
    { ...mail(), to: [PLANTED[0]], locale: "pt-BR" },
    {
      jobId: crypto.randomUUID(),
      attempts: 3,
      backoff: { type: "fixed", delay: 50 },
      priority: 5,
    },
  )
  const id = asked.id!
  expect(await until(async () => (await statusOf(id)) === "failed", 15_000)).toBe(true)
  expect(await worker.stop()).toBe(0)

  const events = sentry.events()
  expect(events.map(({ tags }) => tags)).toEqual(
    [1, 2, 3].map((attempt) => ({
      queue: "email",
      run_id: id,
      job_name: "welcome-mail",
      attempt,
      outcome: attempt < 3 ? "retrying" : "failed",
    })),
  )
  for (const event of events) {
    expect(event).toMatchObject({
      level: event.tags.attempt < 3 ? "warning" : "error",
      release: "a-release",
      environment: "rehearsal",
      fingerprint: ["{{ default }}", "email"],
      contexts: {
        run: {
          id,
          queue: "email",
          name: "welcome-mail",
          attempts: 3,
          payload: { template: "welcome", data: "[redacted]" },
        },
      },
    })
    const [exception] = event.exception.values.slice(-1)
    expect(exception.value).toContain(HARMLESS)
    expect(
      exception.stacktrace.frames.some(({ filename }: { filename: string }) => filename.includes("worker/")),
    ).toBe(true)
    expect(Object.keys(event)).not.toContainAnyValues([
      "user",
      "request",
      "server_name",
      "breadcrumbs",
      "modules",
    ])
  }
  for (const secret of PLANTED) {
    expect(sentry.text()).not.toContain(secret)
    expect(worker.output()).not.toContain(secret)
  }
})

test("tells nothing of a run that completes", async () => {
  const worker = await startWorker()
  const { id } = await enqueue(email, mail())
  expect(await until(async () => (await statusOf(id)) === "completed", 10_000)).toBe(true)
  await worker.stop()
  expect(sentry.envelopes).toEqual([])
})

test.each(["hang", { status: 500 }, { status: 429, headers: { "retry-after": "60" } }] as const)(
  "works and stops as ever while Sentry answers %p",
  async (mood) => {
    sentry.become(mood)
    failing(1)
    const worker = await startWorker()
    const { id } = await enqueue(email, mail(), { attempts: 1 })
    expect(await until(async () => (await statusOf(id)) === "failed", 10_000)).toBe(true)
    expect(await until(() => sentry.asked() > 0, 5_000)).toBe(true)
    const next = await enqueue(email, mail())
    expect(await until(async () => (await statusOf(next.id)) === "completed", 10_000)).toBe(true)
    const began = performance.now()
    expect(await worker.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(4_000)
  },
)

test("works and stops as ever while there is no Sentry", async () => {
  failing(1)
  const worker = await startWorker({ SENTRY_DSN: `http://key@127.0.0.1:${await freePort()}/1` })
  const { id } = await enqueue(email, mail(), { attempts: 1 })
  expect(await until(async () => (await statusOf(id)) === "failed", 10_000)).toBe(true)
  expect(await until(() => worker.output().includes("Sentry does not take reports"), 5_000)).toBe(true)
  expect(await worker.stop()).toBe(0)
})

test("has the same release in the API and in the worker", async () => {
  await queueOf(email).add("x", { nothing: true }, { jobId: crypto.randomUUID(), attempts: 1, priority: 5 })
  await startWorker()
  expect(await until(() => sentry.events().length === 1, 10_000)).toBe(true)
  await service!.stop()
  await start(runtimes.bun)
  await breakRun(crypto.randomUUID())
  expect(await until(() => sentry.events().length === 2, 10_000)).toBe(true)
  const releases = new Set(sentry.events().map(({ release }) => release))
  expect([...releases]).toEqual(["esteira@0.1.0"])
})

/** Ask the API for a run whose key in Redis is of another kind: nobody has thought of that. */
async function breakRun(id: string) {
  await untilReady(queueClient())
  await queueClient().set(queueKey(email.name, id), "no hash")
  const headers = { authorization: "Bearer est_a_key_for_the_tests" }
  const response = await fetch(`${service!.url}/api/jobs/email/${id}/events?cpf=${PLANTED[2]}`, { headers })
  await queueClient().del(queueKey(email.name, id))
  return response
}

test.each(["bun", "deno"] as const)(
  "tells what the API on %s did not expect, and whose request it was by its id alone",
  async (runtime) => {
    await start(runtimes[runtime])
    const id = crypto.randomUUID()
    const response = await breakRun(id)
    expect(response.status).toBe(500)
    expect(await until(() => sentry.events().length === 1, 5_000)).toBe(true)
    const [event] = sentry.events()
    expect(event).toMatchObject({
      level: "error",
      tags: { request_id: response.headers.get("x-request-id"), route: "GET /api/jobs/email/:id/events" },
      contexts: { runtime: { name: runtime } },
    })
    expect(event.exception.values[0].value).toContain("WRONGTYPE")
    for (const secret of [...PLANTED, "est_a_key_for_the_tests", id])
      expect(sentry.text()).not.toContain(secret)
    expect(await service!.stop()).toBe(0)
  },
)

test("checks the run of a schedule in, and out when it has ended for good", async () => {
  const slots = [
    slotRunId("welcome-all", new Date("2026-01-05T09:00:00Z")),
    slotRunId("welcome-all", new Date("2026-01-06T09:00:00Z")),
  ]
  failing(1)
  await startWorker()
  const payload = { ...mail(), to: [PLANTED[0]], locale: "pt-BR" }
  const add = (jobId: string, attempts: number) =>
    queueOf(email).add("x", payload, { jobId, attempts, priority: 5, backoff: { type: "fixed", delay: 50 } })
  await add(slots[0]!, 3)
  expect(await until(async () => (await statusOf(slots[0]!)) === "completed", 10_000)).toBe(true)
  failing(1)
  await add(slots[1]!, 1)
  expect(await until(async () => (await statusOf(slots[1]!)) === "failed", 10_000)).toBe(true)
  expect(await until(() => sentry.checkIns().length === 5, 5_000)).toBe(true)
  const told = sentry
    .checkIns()
    .map(({ check_in_id, monitor_slug, status }) => [check_in_id, monitor_slug, status])
  const [first, second] = [told[0]![0], told[3]![0]]
  expect(first).toMatch(/^[0-9a-f]{32}$/)
  expect(second).not.toBe(first)
  expect(told).toEqual([
    [first, "welcome-all", "in_progress"],
    [first, "welcome-all", "in_progress"],
    [first, "welcome-all", "ok"],
    [second, "welcome-all", "in_progress"],
    [second, "welcome-all", "error"],
  ])
})

const wordsOf = (event: ReturnType<typeof sentry.events>[number]): string => event.exception.values[0].value

test("tells of a processor that does not heed its signal, and once of what keeps a queue from being worked on", async () => {
  process.env.SENTRY_DSN = sentry.dsn
  await startReporting()
  const queued = { id: crypto.randomUUID(), name: "email", data: mail(), opts: {} } as QueuedJob
  const begun = { job: email, queued, payload: undefined, attempt: 1, startedAt: 0, lines: [], stages: [] }
  reporter.ignored?.(begun)
  const troubles = createTroubles()
  for (let time = 0; time < 3; time++) troubles.note("email", new Error("NOPERM"))
  delete process.env.SENTRY_DSN
  await endReporting()
  // Reports are sent side by side, and may overtake each other.
  const told = sentry.events().sort((one, other) => wordsOf(one).localeCompare(wordsOf(other)))
  expect(told).toMatchObject([
    {
      tags: { queue: "email", run_id: queued.id, attempt: 1 },
      fingerprint: ["ignored signal", "email"],
      exception: { values: [{ value: "A processor of email does not heed its signal" }] },
    },
    { tags: { queue: "email" }, exception: { values: [{ value: "NOPERM" }] } },
  ])
  for (const secret of PLANTED) expect(sentry.text()).not.toContain(secret)
})
