import { z } from "zod"

/** What may be asked for, also by other processes. */
export const failureSchema = z.strictObject({
  times: z.int().min(1),
  mode: z.enum([
    "error",
    "html",
    "poisoned",
    "contradictory",
    "empty",
    "no-content",
    "truncated",
    "slow",
    "hang",
    "reset",
  ]),
  gtin: z.string().optional(),
  offset: z.int().min(0).optional(),
  status: z.int().min(300).max(599).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  delay: z.int().min(0).optional(),
})

/**
 * What happens to the next searches, or the next with this `gtin` and at least this `offset`: an error (with `status`, else
 * 503), a page for people to prove that they are some, fabricated or contradictory rows, none, no content, JSON that ends in
 * the middle, a body whose second half comes after `delay` milliseconds or on `release`, no answer, a cut connection.
 */
export type Failure = z.input<typeof failureSchema>

/** A failure that was asked for. */
export interface Failing {
  /** Settles when the first request has met the failure. */
  met: Promise<void>
  /** Lets the requests go that are held by `slow` or `hang`. */
  release(): void
}

export interface Order extends z.output<typeof failureSchema> {
  met: PromiseWithResolvers<void>
  released: PromiseWithResolvers<void>
}

export type Failures = ReturnType<typeof createFailures>

/** The failures asked for, in their order. */
export function createFailures() {
  let orders: Order[] = []

  return {
    add(failure: Failure): Failing {
      const met = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      orders.push({ ...failureSchema.parse(failure), met, released })
      return { met: met.promise, release: released.resolve }
    },

    /** The first one for such a search, which it has then met. */
    next(search: { gtin: string; offset: number }): Order | undefined {
      const order = orders.find(
        ({ times, gtin = search.gtin, offset = 0 }) =>
          times > 0 && gtin === search.gtin && offset <= search.offset,
      )
      if (!order) return undefined
      order.times -= 1
      order.met.resolve()
      return order
    },

    pending: () => orders.filter(({ times }) => times > 0).map(({ met, released, ...failure }) => failure),

    clear() {
      for (const { released } of orders) released.resolve()
      orders = []
    },
  }
}
