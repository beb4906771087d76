import { z } from "zod"
import { cutConnection } from "../cut-connection.ts"
import { gone } from "../gone.ts"
import { createOrders, type Order } from "../orders.ts"
import type { IsRefused } from "./email.ts"
import { errorResponse } from "./errors.ts"

/** What may be asked for, also by other processes. */
export const failureSchema = z.strictObject({
  times: z.int().min(1),
  mode: z.enum(["error", "reset", "accept-then-reset", "hang", "slow", "refuse"]).default("error"),
  status: z.int().min(400).max(599).optional(),
  name: z.string().optional(),
  message: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  delay: z.int().min(0).optional(),
  addresses: z.array(z.string()).optional(),
})

/**
 * What happens to the next sends, of one or of many: an error (completed from Resend's documentation), a connection cut before
 * or after the mails are accepted, no answer, an answer after `delay` milliseconds or, without it, after `release`, or a
 * refusal of `addresses` as if they were none.
 */
export type Failure = z.input<typeof failureSchema>

type FailureOrder = Order<z.output<typeof failureSchema>>

export type Failures = ReturnType<typeof createFailures>

/** The failures asked for, played in their order. */
export function createFailures() {
  const { next, ...orders } = createOrders((failure: Failure) => failureSchema.parse(failure))

  /** Sends as the next failure has it; `send` awaits `hold` when it has begun, before the mails are accepted. */
  async function play(request: Request, send: Send) {
    const order = next()
    if (order?.mode === "slow") return send(() => holdOf(order), nobody).finally(order.met.resolve)
    order?.met.resolve()
    switch (order?.mode) {
      case "error":
        return errorResponse(order)
      case "reset":
        return cutConnection()
      case "accept-then-reset":
        await send(noHold, nobody)
        return cutConnection()
      case "refuse":
        return send(noHold, (address) => order.addresses?.includes(address) ?? false)
      case "hang":
        await Promise.race([order.released.promise, gone(request.signal)])
        return cutConnection()
      default:
        return send(noHold, nobody)
    }
  }

  return { ...orders, play }
}

type Send = (hold: () => Promise<void>, isRefused: IsRefused) => Promise<Response>

async function noHold() {}

const nobody = () => false

function holdOf({ delay, met, released }: FailureOrder): Promise<void> {
  met.resolve()
  return delay === undefined ? released.promise : Promise.race([released.promise, Bun.sleep(delay)])
}
