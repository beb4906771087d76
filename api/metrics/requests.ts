import { createCounter, createHistogram } from "../../lib/metrics/exposition.ts"

type Fetch = (request: Request) => Response | Promise<Response>

/** Seconds: from an answer out of memory to one that PostgreSQL was waited for. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What requests are about, by the beginning of their path: paths themselves would be as many metrics as there are ids. */
const AREA =
  /^https?:\/\/[^/?#]*\/(api\/jobs|api\/admin|api\/session|files|webhooks|feeds|console|openapi|metrics|health|ready)(?:[/?#]|$)/

/** Counts requests and the time until their answers begin. What a request costs here is paid by every request. */
export function createRequestMetrics() {
  const answers = createCounter(
    "esteira_http_requests_total",
    "Requests answered, by what they are about and status.",
  )
  const durations = createHistogram(
    "esteira_http_request_duration_seconds",
    "Time until the answer to a request began.",
    BOUNDS,
  )
  const opened = new Map<string, ReturnType<typeof open>>()
  const open = (area: string) => ({
    duration: durations.of({ area }),
    statuses: new Map<number, { value: number }>(),
  })
  const of = (area: string) => {
    const known = opened.get(area) ?? open(area)
    opened.set(area, known)
    return known
  }
  const add = (url: string, status: number, began: number) => {
    const area = AREA.exec(url)?.[1] ?? "other"
    const { duration, statuses } = of(area)
    const count = statuses.get(status) ?? answers.of({ area, status: String(status) })
    statuses.set(status, count)
    count.value += 1
    duration.observe((performance.now() - began) / 1_000)
  }

  return {
    /** What answers requests, with each counted. */
    counting:
      (fetch: Fetch): Fetch =>
      (request) => {
        const began = performance.now()
        const counted = (response: Response) => {
          add(request.url, response.status, began)
          return response
        }
        const answer = fetch(request)
        return answer instanceof Promise ? answer.then(counted) : counted(answer)
      },
    text: () => answers.text() + durations.text(),
  }
}
