import { z } from "zod"
import { cutConnection } from "../cut-connection.ts"

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

/** A failure that was asked for. */
export interface Failing {
  /** Settles when the first request has met the failure. */
  met: Promise<void>
  /** Lets the requests go that are held by `hang`. */
  release(): void
}

interface Order extends z.output<typeof failureSchema> {
  met: PromiseWithResolvers<void>
  released: PromiseWithResolvers<void>
}

/** The failures asked for, played in their order. */
export function createFailures() {
  let orders: Order[] = []

  return {
    add(failure: Failure): Failing {
      const met = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      orders.push({ ...failureSchema.parse(failure), met, released })
      return { met: met.promise, release: released.resolve }
    },
    clear() {
      for (const { released } of orders) released.resolve()
      orders = []
    },
    /** Take a request as the next failure for it has it, or else as it is. */
    async play(
      at: Order["at"],
      device: string | undefined,
      take: () => Response | Promise<Response>,
    ): Promise<Response> {
      const order = orders.find((one) => one.times > 0 && one.at === at && (one.device ?? device) === device)
      if (!order) return await take()
      order.times -= 1
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
