import { type Answer, type Failure, failed } from "./answer.ts"
import { read } from "./read.ts"

/** How calls are made. */
export interface Settings {
  /** Where the API is, `https://jobs.example.com`; it may have a path. */
  url: string
  /** An API key, `est_…`. */
  key: string
  /** Milliseconds that a call may take, with all its tries: less than the function around it may. */
  timeout?: number
  /** Milliseconds that a try may take. */
  tryTimeout?: number
  /** Times that what may pass is tried again: no answer, 408, 429, 5xx. */
  retries?: number
  /** Another `fetch` than the platform's. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

interface Call {
  path: string
  body?: unknown
  idempotencyKey?: string | undefined
  signal?: AbortSignal | undefined
}

interface Written {
  headers: Headers
  body?: string
}

/** Milliseconds that a call may take, unless the settings say otherwise. */
export const TIMEOUT = 15_000

const FIRST_PAUSE = 200

/** Ask the API: a POST with a body, else a GET. All tries are sent under the same idempotency key. */
export async function call<T>(settings: Settings, asked: Call): Promise<Answer<T>> {
  const { timeout = TIMEOUT, tryTimeout = 5_000, retries = 3 } = settings
  const deadline = Date.now() + timeout
  const written = write(settings, asked)
  if (!written.ok) return written
  for (let tries = 1; ; tries++) {
    const milliseconds = Math.max(1, Math.min(tryTimeout, deadline - Date.now()))
    const answer = await attempt<T>(settings, asked, written.value, milliseconds)
    if (answer.ok) return answer
    // Without it, who is not told whether a run was taken could not ask for the same one again.
    if (asked.idempotencyKey) answer.error.idempotencyKey = asked.idempotencyKey
    if (tries > retries || !mayPass(answer.error)) return answer
    // All of them were turned away at the same moment: they are not to come back at one.
    const spread = FIRST_PAUSE * 2 ** (tries - 1) * (0.5 + Math.random() / 2)
    const pause = Math.max(spread, (answer.error.retryAfter ?? 0) * 1_000)
    if (Date.now() + pause >= deadline) return answer
    if (!(await slept(pause, asked.signal))) return aborted(asked.path)
  }
}

/** Whether the same call may have another answer in a moment. */
export const mayPass = ({ kind }: Failure) => /^(busy|unavailable|timeout|unreachable)$/.test(kind)

/** What each try sends; or why there is nothing that could be sent. */
function write({ url, key }: Settings, { path, body: value, idempotencyKey }: Call): Answer<Written> {
  const invalid = (message: string) => failed({ kind: "invalid", message })
  // A variable that is not set, as often as not.
  if (!/^https?:\/\/./i.test(url))
    return invalid(
      `The url of the API is "${url}": it has to be a whole one, such as https://jobs.example.com`,
    )
  let body: string | undefined
  try {
    body = JSON.stringify(value)
  } catch (error) {
    return invalid(`What is sent to ${path} cannot be put as JSON: ${error}`)
  }
  try {
    const headers = new Headers({
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
    })
    return { ok: true, value: { headers, ...(body !== undefined && { body }) } }
  } catch {
    // Platforms say what it was, and the key is not for those who read messages.
    return invalid(
      `${path} cannot be asked: the key, or the idempotency key, has what no header may have, such as a line break`,
    )
  }
}

async function attempt<T>(
  settings: Settings,
  { path, signal }: Call,
  written: Written,
  milliseconds: number,
): Promise<Answer<T>> {
  // Taken out first: a platform's own is not to be called as a method of something else.
  const { url, fetch: send = (to, init) => fetch(to, init) } = settings
  const tooLate = AbortSignal.timeout(milliseconds)
  try {
    const response = await send(`${url.replace(/\/+$/, "")}${path}`, {
      method: written.body === undefined ? "GET" : "POST",
      ...written,
      // Where it leads, the key is not to go.
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, tooLate]) : tooLate,
    })
    return await read<T>(response, path)
  } catch (error) {
    if (signal?.aborted) return aborted(path)
    if (tooLate.aborted)
      return failed({ kind: "timeout", message: `${path} did not answer within ${milliseconds} ms` })
    return failed({ kind: "unreachable", message: `${path} cannot be reached at ${url}: ${error}` })
  }
}

export const aborted = (path: string) => failed({ kind: "aborted", message: `The caller gave up on ${path}` })

/** Resolves to whether the time has passed, which the signal may cut short. */
export const slept = (milliseconds: number, signal?: AbortSignal) =>
  new Promise<boolean>((resolve) => {
    if (signal?.aborted) return resolve(false)
    const cut = () => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", cut)
      resolve(true)
    }, milliseconds)
    signal?.addEventListener("abort", cut, { once: true })
  })
