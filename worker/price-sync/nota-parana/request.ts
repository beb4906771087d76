import { retryAfterOf } from "../../../lib/retry-after.ts"
import { BadAnswer, Blocked, NotaParanaError, Rejected, Unavailable } from "./errors.ts"

/** Bytes of the longest body that is read; fifty rows have about 40 kB. */
const LONGEST = 5 * 1024 * 1024

/** Milliseconds that a Retry-After is heeded for: one that asks for more is a slip, and would be for ever. */
const LONGEST_WAIT = 30 * 86_400_000

export interface RequestOptions {
  userAgent: string
  /** Milliseconds until the whole answer has to be there. */
  timeout: number
  fetch: (url: URL, init: RequestInit) => Promise<Response>
}

/**
 * The text that Nota Paraná answers, null when it has no content. Throws Blocked, Rejected, Unavailable or BadAnswer, and the
 * signal's reason once it is aborted.
 */
export async function request(
  url: URL,
  { userAgent, timeout, fetch }: RequestOptions,
  signal: AbortSignal,
): Promise<string | null> {
  signal.throwIfAborted()
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json", "user-agent": userAgent },
      // Where it leads is not where we were told to ask, nor what we asked for.
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    })
    if (response.status === 200) return await textOf(response)
    await response.body?.cancel()
    if (response.status === 204) return null
    throw refusal(response)
  } catch (error) {
    signal.throwIfAborted()
    throw expected(error, timeout)
  }
}

async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ""
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > LONGEST) throw new BadAnswer(`Nota Paraná's answer has more than ${LONGEST} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function refusal({ status, headers }: Response) {
  const message = `Nota Paraná answered with HTTP ${status}`
  if (status === 401 || status === 403 || status === 429)
    return new Blocked(message, Math.min(retryAfterOf(headers.get("retry-after")), LONGEST_WAIT) || undefined)
  if (status >= 300 && status < 400)
    return new Blocked(`${message}, and sends us to ${headers.get("location") ?? "nowhere"}`)
  if (status >= 400 && status < 500) return new Rejected(message, status)
  if (status >= 500) return new Unavailable(message)
  return new BadAnswer(message)
}

/** What fetch fails of is that nothing came, or not all of it. */
function expected(error: unknown, timeout: number) {
  if (error instanceof NotaParanaError) return error
  if (error instanceof Error && error.name === "TimeoutError")
    return new Unavailable(`Nota Paraná has not answered within ${timeout} ms`)
  return new Unavailable(`Nota Paraná cannot be reached: ${error instanceof Error ? error.message : error}`)
}
