import { type Answer, type Failure, failed } from "./answer.ts"

const KINDS: Record<number, Failure["kind"]> = {
  400: "invalid",
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  408: "timeout",
  409: "conflict",
  413: "invalid",
  415: "invalid",
  422: "invalid",
  429: "busy",
}

/** What an answer says. */
export async function read<T>(response: Response, path: string): Promise<Answer<T>> {
  const { status, ok, headers } = response
  const said = parsed(await response.text())
  if (ok && said) return { ok: true, value: said as T }

  const { error, details, jobId, requestId = headers.get("x-request-id") } = said ?? {}
  // It may also be a date, which is not worth the code to read it.
  const retryAfter = Number(headers.get("retry-after") || Number.NaN)
  return failed({
    kind: KINDS[status] ?? (status >= 500 ? "unavailable" : "unexpected"),
    message: typeof error === "string" ? error : `${path} answered ${status}${strange(headers)}`,
    status,
    ...(Array.isArray(details) && { details }),
    ...(retryAfter >= 0 && { retryAfter }),
    ...(typeof requestId === "string" && { requestId }),
    ...(typeof jobId === "string" && { jobId }),
  })
}

/** Where it does not lead to the API's own words, what stands at the URL is most likely not the API. */
function strange(headers: Headers) {
  const to = headers.get("location")
  return `${to ? `, a redirect to ${to}` : ` with ${headers.get("content-type") ?? "nothing"} instead of JSON`}: see that url is where the API is`
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text)
    return typeof value === "object" && value !== null ? value : undefined
  } catch {
    // What stands before the API answers in HTML.
    return undefined
  }
}
