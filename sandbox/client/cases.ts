import { createClient, verifyCallback } from "../../lib/client.ts"

/** What the cases run against, as it travels to another runtime. */
export interface World {
  /** The API. */
  url: string
  key: string
  /** A gateway before it that fails as its path says. */
  gateway: string
  /** Where nothing listens. */
  nowhere: string
  /** A callback, signed by another hand. */
  signed: { secret: string; headers: Record<string, string>; body: string }
}

const mail = { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } } as const
const DELAYED = { delay: 600_000 }

/** What the client has to do wherever it runs, by what that is. */
const cases: Record<string, (world: World) => Promise<void>> = {
  "asks for a run, waits for it, and gives its result": async (world) => {
    const client = clientOf(world)
    const asked = given(await client.enqueue("email", mail))
    same(asked.statusUrl, `/api/jobs/email/${asked.jobId}`)
    const run = given(await client.wait("email", asked.jobId))
    same(run.status, "completed")
    same(run.returnValue?.sent, 1)
    same(run.data.template, "welcome")
  },
  "sends the options along, and takes a queue by its other name": async (world) => {
    const client = clientOf(world)
    const { jobId } = given(await client.enqueue("email-send", mail, { ...DELAYED, priority: "high" }))
    same(given(await client.status("email-send", jobId)).status, "delayed")
    same(given(await client.cancel("email-send", jobId)).status, "cancelled")
  },
  "gives a run that has failed, with why": async (world) => {
    const client = clientOf(world)
    const { jobId } = given(await client.enqueue("invoice", { invoiceId: 999_999_999, userId: 1 }))
    const run = given(await client.wait("invoice", jobId))
    same(run.status, "failed")
    like(run.failedReason, /999999999/)
  },
  "does not wait for ever": async (world) => {
    const client = clientOf(world)
    const { jobId } = given(await client.enqueue("email", mail, DELAYED))
    const began = Date.now()
    const error = errorOf(await client.wait("email", jobId, { within: 600 }))
    same(error.kind, "timeout")
    like(error.message, /^Run \S+ on queue email is still delayed after 600 ms: look later/)
    same(Date.now() - began < 5_000, true)
    given(await client.cancel("email", jobId))
  },
  "waits through an outage of what stands before the API": async (world) => {
    const { jobId } = given(await clientOf(world).enqueue("email", mail, DELAYED))
    given(await clientOf(world).cancel("email", jobId))
    const client = clientOf({ ...world, url: `${world.gateway}/down-for-five/${jobId}` }, { retries: 0 })
    same(given(await client.wait("email", jobId)).status, "cancelled")
  },
  "cancels a run, with a reason, and says when that is too late": async (world) => {
    const client = clientOf(world)
    const { jobId } = given(await client.enqueue("email", mail, DELAYED))
    given(await client.cancel("email", jobId, { reason: "a mistake" }))
    const run = given(await client.status("email", jobId))
    same([run.status, run.failedReason], ["cancelled", "Cancelled by admin: a mistake"])
    const done = given(await client.enqueue("email", mail))
    given(await client.wait("email", done.jobId))
    same(errorOf(await client.cancel("email", done.jobId)).kind, "conflict")
    same(errorOf(await client.cancel("email", crypto.randomUUID())).kind, "not-found")
  },
  "says what is wrong with a payload, by its path, and does not send it again": async (world) => {
    const { client, sent } = watched(world)
    const error = errorOf(await client.enqueue("email", { ...mail, to: "nobody" }))
    same([error.kind, error.status, error.details?.map(({ path }) => path)], ["invalid", 400, ["to"]])
    like(error.message, /^Bad payload for email: to: /)
    same(typeof error.requestId, "string")
    same(sent.length, 1)
  },
  "says at once that what cannot be JSON cannot be sent": async (world) => {
    const { client, sent } = watched(world)
    const circle: Record<string, unknown> = {}
    circle.self = circle
    for (const userName of [1n, circle]) {
      const error = errorOf(await client.enqueue("email", { ...mail, data: { userName } as never }))
      same(error.kind, "invalid")
      like(error.message, /^What is sent to \/api\/jobs\/email cannot be put as JSON: TypeError/)
    }
    same(sent, [])
  },
  "says at once that a key is none that can be sent, and not which it is": async (world) => {
    const unsendable = watched({ ...world, key: "est_a\nsecret" })
    const error = errorOf(await unsendable.client.wait("email", "a-run"))
    same([error.kind, error.message.includes("secret"), unsendable.sent], ["invalid", false, []])
    like(error.message, /^\/api\/jobs\/email\/a-run cannot be asked: the key, /)
    const { client, sent } = watched(world)
    const other = errorOf(await client.enqueue("email", mail, { idempotencyKey: "of a\nline" }))
    same([other.kind, other.idempotencyKey, sent], ["invalid", undefined, []])
  },
  "says at once that a url is none": async (world) => {
    for (const url of ["", "undefined", "localhost:3000"]) {
      const { client, sent } = watched({ ...world, url })
      const error = errorOf(await client.enqueue("email", mail))
      same(
        [error.kind, error.message.startsWith(`The url of the API is "${url}": `), sent],
        ["invalid", true, []],
      )
    }
  },
  "says what the API says of a key and a queue it does not know": async (world) => {
    same(
      errorOf(await clientOf({ ...world, key: "est_another" }).enqueue("email", mail)).kind,
      "unauthorized",
    )
    const error = errorOf(await clientOf(world).enqueue("mail" as "email", mail))
    same(error.kind, "not-found")
    like(error.message, /^No queue "mail": the queues are email/)
  },
  "asks again under the same key when the answer is lost": async (world) => {
    const { client, sent } = watched({ ...world, url: `${world.gateway}/loses-the-first-answer` })
    const { jobId } = given(await client.enqueue("email", mail, DELAYED))
    same(sent.length, 2)
    same(typeof sent[0], "string")
    same(sent[1], sent[0])
    given(await clientOf(world).cancel("email", jobId))
  },
  "gives every call a key of its own, and takes the caller's": async (world) => {
    const { client, sent } = watched(world)
    for (const idempotencyKey of [undefined, undefined, crypto.randomUUID()]) {
      const { jobId } = given(await client.enqueue("email", mail, { ...DELAYED, idempotencyKey }))
      same(idempotencyKey === undefined || sent.at(-1) === idempotencyKey, true)
      given(await clientOf(world).cancel("email", jobId))
    }
    same(new Set(sent).size, 3)
  },
  "asks for many at once, in order, and once though the answer is lost": async (world) => {
    const { client, sent } = watched({ ...world, url: `${world.gateway}/loses-the-first-answer` })
    const days = ["2026-01-01", "2026-01-02", "2026-01-03"]
    const jobs = days.map((startDate) => ({
      data: { type: "custom" as const, format: "csv" as const, startDate, endDate: "2026-01-31" },
      options: DELAYED,
    }))
    const idempotencyKey = crypto.randomUUID()
    const { jobIds } = given(await client.batch("report", jobs, { idempotencyKey }))
    same(sent, [idempotencyKey, idempotencyKey])
    same(given(await clientOf(world).batch("report", jobs, { idempotencyKey })).jobIds, jobIds)
    same(errorOf(await clientOf(world).batch("report", jobs.slice(1), { idempotencyKey })).kind, "conflict")
    for (const [index, day] of days.entries()) {
      same(given(await clientOf(world).status("report", jobIds[index]!)).data.startDate, day)
      given(await clientOf(world).cancel("report", jobIds[index]!))
    }
  },
  "asks for none of many when one is wrong, and says which": async (world) => {
    const { client, sent } = watched(world)
    const jobs = [{ data: mail }, { data: { ...mail, to: "nobody" } }]
    const error = errorOf(await client.batch("email", jobs))
    same([error.kind, error.details?.map(({ path }) => path), sent.length], ["invalid", ["1.data.to"], 1])
    same(errorOf(await client.batch("email", [])).kind, "invalid")
  },
  "leaves the service alone for as long as it asks": async (world) => {
    const { client, sent } = watched({ ...world, url: `${world.gateway}/busy-for-a-second` })
    const began = Date.now()
    const { jobId } = given(await client.enqueue("email", mail, DELAYED))
    same([sent.length, Date.now() - began >= 990], [2, true])
    given(await clientOf(world).cancel("email", jobId))
  },
  "does not wait for a service that asks for longer than the call may take": async (world) => {
    const { client, sent } = watched({ ...world, url: `${world.gateway}/busy-for-a-minute` })
    const error = errorOf(await client.enqueue("email", mail))
    same([error.kind, error.status, error.retryAfter, sent.length], ["busy", 429, 60, 1])
    same(error.idempotencyKey, sent[0])
  },
  "gives up on a service that is down after its tries": async (world) => {
    const { client, sent } = watched({ ...world, url: `${world.gateway}/down` }, { retries: 2 })
    const error = errorOf(await client.enqueue("email", mail))
    same([error.kind, error.status, sent.length], ["unavailable", 503, 3])
    like(error.message, /^\/api\/jobs\/email answered 503 with text\/html instead of JSON/)
  },
  "gives up on a service that is silent, in time": async (world) => {
    const began = Date.now()
    const settings = { timeout: 1_000, tryTimeout: 300 }
    const { client, sent } = watched({ ...world, url: `${world.gateway}/silent` }, settings)
    const error = errorOf(await client.enqueue("email", mail))
    same(error.kind, "timeout")
    like(error.message, /^\/api\/jobs\/email did not answer within \d+ ms/)
    same([sent.length > 1, Date.now() - began < 3_000], [true, true])
  },
  "says that nothing is there": async (world) => {
    const { client, sent } = watched({ ...world, url: world.nowhere }, { retries: 1 })
    const error = errorOf(await client.status("email", crypto.randomUUID()))
    same([error.kind, sent.length], ["unreachable", 2])
    like(error.message, new RegExp(`cannot be reached at ${world.nowhere}`))
  },
  "is not taken in by a page, nor led elsewhere with its key": async (world) => {
    const page = watched({ ...world, url: `${world.gateway}/page` })
    const shown = errorOf(await page.client.enqueue("email", mail))
    same([shown.kind, shown.status, page.sent.length], ["unexpected", 200, 1])
    const moved = watched({ ...world, url: `${world.gateway}/moved` })
    const led = errorOf(await moved.client.enqueue("email", mail))
    same([led.kind, moved.sent.length], ["unexpected", 1])
    like(led.message, /a redirect to https:\/\/elsewhere\.example\//)
  },
  "ends a call and a wait by the caller's signal": async (world) => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 300)
    const silent = clientOf({ ...world, url: `${world.gateway}/silent` })
    same(errorOf(await silent.enqueue("email", mail, { signal: stop.signal })).kind, "aborted")
    const client = clientOf(world)
    const { jobId } = given(await client.enqueue("email", mail, DELAYED))
    const later = new AbortController()
    setTimeout(() => later.abort(), 300)
    same(errorOf(await client.wait("email", jobId, { signal: later.signal })).kind, "aborted")
    same(errorOf(await client.status("email", jobId, { signal: later.signal })).kind, "aborted")
    given(await client.cancel("email", jobId))
  },
  "knows a callback that is signed, whichever of its signatures is the right one": async ({ signed }) => {
    const verified = given(await verifyCallback(callback(signed), signed.secret))
    same([verified.id, JSON.stringify(verified.body)], [signed.headers["webhook-id"], signed.body])
    const other = `v1,${"A".repeat(43)}=`
    const two = `${other} v1a,x ${signed.headers["webhook-signature"]}`
    given(await verifyCallback(callback(signed, { "webhook-signature": two }), signed.secret))
  },
  "refuses a callback that is not": async ({ signed }) => {
    const refused = async (request: Request, secret = signed.secret) => {
      const error = errorOf(await verifyCallback(request, secret))
      same(error.kind, "unauthorized")
      return error.message
    }
    const now = Math.round(Date.now() / 1_000)
    like(await refused(callback({ ...signed, body: `${signed.body} ` })), /none of its signatures/)
    like(await refused(callback(signed, { "webhook-id": "msg_another" })), /none of its signatures/)
    like(await refused(callback(signed, { "webhook-timestamp": `${now - 299}` })), /none of its signatures/)
    like(await refused(callback(signed, { "webhook-timestamp": `${now - 310}` })), /more than 300 s/)
    like(await refused(callback(signed, { "webhook-timestamp": `${now + 310}` })), /more than 300 s/)
    like(await refused(callback(signed), `whsec_${btoa("another secret of some length")}`), /none of its/)
    for (const signature of ["", "v1,", "v1,!!", "v1,a", `v2,${"A".repeat(43)}=`, `v1,${"_".repeat(43)}=`])
      like(await refused(callback(signed, { "webhook-signature": signature })), /none of its signatures/)
    like(await refused(new Request("http://here/", { method: "POST", body: "{}" })), /no webhook-id/)
  },
  "says when the secret of callbacks is none": async ({ signed }) => {
    for (const secret of ["", "whsec_", "whsec_%", "secret"]) {
      const said = await verifyCallback(callback(signed), secret).then(
        () => "nothing",
        (error) => String(error),
      )
      like(said, /The secret of callbacks is whsec_ and base64/)
    }
  },
}

/** The names of the cases. */
export const caseNames = Object.keys(cases)

/** What each case fails of here; an empty text when it does not. */
export async function runCases(world: World): Promise<Record<string, string>> {
  const outcomes = await Promise.all(
    Object.entries(cases).map(async ([name, run]) => [
      name,
      await run(world).then(
        () => "",
        (error) => String(error?.stack ?? error),
      ),
    ]),
  )
  return Object.fromEntries(outcomes)
}

type Settings = Parameters<typeof createClient>[0]

const clientOf = ({ url, key }: World, settings: Partial<Settings> = {}) =>
  createClient({ url, key, timeout: 30_000, ...settings })

/** A client, and the idempotency keys of the requests it has sent. */
function watched(world: World, settings: Partial<Settings> = {}) {
  const sent: (string | null)[] = []
  const client = clientOf(world, {
    timeout: 15_000,
    fetch: (url, init) => {
      sent.push(new Headers(init.headers).get("idempotency-key"))
      return fetch(url, init)
    },
    ...settings,
  })
  return { client, sent }
}

const callback = ({ headers, body }: World["signed"], changed: Record<string, string> = {}) =>
  new Request("http://here/", { method: "POST", headers: { ...headers, ...changed }, body })

type Given<T> = { ok: true; value: T } | { ok: false; error: unknown }

function given<T>(answer: Given<T>): T {
  if (answer.ok) return answer.value
  throw new Error(`Not given: ${JSON.stringify(answer.error)}`)
}

function errorOf<E>(answer: { ok: true; value: unknown } | { ok: false; error: E }): E {
  if (!answer.ok) return answer.error
  throw new Error(`No error: ${JSON.stringify(answer.value)}`)
}

function same(actual: unknown, expected: unknown) {
  const [one, other] = [actual, expected].map((value) => JSON.stringify(value))
  if (one !== other) throw new Error(`${one} instead of ${other}`)
}

function like(actual: unknown, expected: RegExp) {
  if (!expected.test(String(actual))) throw new Error(`${actual} is not like ${expected}`)
}
