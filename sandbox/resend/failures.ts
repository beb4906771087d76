import { z } from "zod"
import { cutConnection } from "../cut-connection.ts"
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

/** A failure that was asked for. */
export interface Failing {
  /** Settles when the first request has met the failure: for `slow`, when its mail is held back. */
  met: Promise<void>
  /** Lets the requests go that are held by `slow` or `hang`. */
  release(): void
}

interface Order extends z.output<typeof failureSchema> {
  met: PromiseWithResolvers<void>
  released: PromiseWithResolvers<void>
}

export type Failures = ReturnType<typeof createFailures>

/** The failures asked for, played in their order. */
export function createFailures() {
  let orders: Order[] = []

  function add(failure: Failure): Failing {
    const met = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    orders.push({ ...failureSchema.parse(failure), met, released })
    return { met: met.promise, release: released.resolve }
  }

  function next(): Order | undefined {
    const order = orders.find(({ times }) => times > 0)
    if (!order) return
    order.times -= 1
    return order
  }

  function pending() {
    return orders.filter(({ times }) => times > 0).map(({ met, released, ...failure }) => failure)
  }

  function clear() {
    for (const { released } of orders) released.resolve()
    orders = []
  }

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

  return { add, pending, clear, play }
}

type Send = (hold: () => Promise<void>, isRefused: IsRefused) => Promise<Response>

async function noHold() {}

const nobody = () => false

function holdOf({ delay, met, released }: Order): Promise<void> {
  met.resolve()
  return delay === undefined ? released.promise : Promise.race([released.promise, Bun.sleep(delay)])
}

function gone(client: AbortSignal): Promise<void> {
  return new Promise((resolve) => client.addEventListener("abort", () => resolve()))
}
