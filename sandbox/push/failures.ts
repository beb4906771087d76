import { z } from "zod"
import { cutConnection } from "../cut-connection.ts"
import { createOrders } from "../orders.ts"

/** What may be asked for, also by other processes. */
export const failureSchema = z.strictObject({
  times: z.int().min(1),
  at: z.enum(["web", "send", "getReceipts"]),
  mode: z.enum(["error", "reset", "take-then-reset", "hang", "garbage"]).default("error"),
  status: z.int().min(200).max(599).default(503),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Of this device alone. */
  device: z.string().optional(),
})

/**
 * What happens to the next requests at a route: an answer with this status, a connection cut before or after what was sent is
 * taken, no answer until `release`, or an answer that means nothing.
 */
export type Failure = z.input<typeof failureSchema>

type Order = z.output<typeof failureSchema>

/** The failures asked for, played in their order. */
export function createFailures() {
  const { add, next, clear } = createOrders((failure: Failure) => failureSchema.parse(failure))

  return {
    add,
    clear,
    /** Take a request as the next failure for it has it, or else as it is. */
    async play(
      at: Order["at"],
      device: string | undefined,
      take: () => Response | Promise<Response>,
    ): Promise<Response> {
      const order = next((one) => one.at === at && (one.device ?? device) === device)
      if (!order) return await take()
      order.met.resolve()
      const { mode, status, headers, body } = order
      if (mode === "error") return Response.json(body ?? { error: "as asked for" }, { status, headers })
      if (mode === "garbage") return new Response(String(body ?? '{"data": [{"status"'), { headers })
      if (mode === "take-then-reset") await take()
      if (mode === "hang") {
        await order.released.promise
        return await take()
      }
      return cutConnection()
    },
  }
}
