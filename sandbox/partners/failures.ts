import { cutConnection } from "../cut-connection.ts"
import { gone } from "../gone.ts"
import { createOrders } from "../orders.ts"

/**
 * What happens to the next requests: an answer of this status, a connection cut before or after the request was acted on, no
 * answer until it is let go, an answer that is cut off, that never ends, that is no JSON, or of other types than are expected.
 */
export interface Failure {
  times: number
  mode?: "error" | "reset" | "accept-then-reset" | "hang" | "truncated" | "huge" | "no-json" | "wrong-types"
  status?: number
  headers?: Record<string, string>
  body?: string
  /** Of requests whose method and path this is found in. */
  at?: RegExp
}

/** The failures asked for, played in their order. */
export function createFailures() {
  const { add, next, clear } = createOrders((failure: Failure) => failure)

  /** The answer to a request, as the next failure has it. */
  async function play(request: Request, act: () => Response | Promise<Response>): Promise<Response> {
    const asked = `${request.method} ${new URL(request.url).pathname}`
    const order = next(({ at }) => at?.test(asked) ?? true)
    if (!order) return await act()
    order.met.resolve()
    const { mode = "error", status = 500, headers = {}, body = '{"error":"asked for"}' } = order
    switch (mode) {
      case "error":
        return new Response(body, { status, headers })
      case "reset":
        return cutConnection()
      case "accept-then-reset":
        await act()
        return cutConnection()
      case "hang":
        await Promise.race([order.released.promise, gone(request.signal)])
        return cutConnection()
      case "truncated":
        return new Response((await (await act()).text()).slice(0, -20), { headers: json })
      case "huge":
        return new Response(endless(), { headers: json })
      case "no-json":
        return new Response("<html>Just a moment…</html>", { headers: { "content-type": "text/html" } })
      case "wrong-types":
        return Response.json({ items: { 0: null }, nextPage: 7, nextCursor: ["x"], id: 12 })
    }
  }

  return { add, clear, play }
}

const json = { "content-type": "application/json" }

function endless() {
  const item = new TextEncoder().encode(`{"id":"x","name":"${"a".repeat(65_000)}"},`)
  let isBegun = false
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(isBegun ? item : new TextEncoder().encode('{"items":['))
      isBegun = true
    },
  })
}
