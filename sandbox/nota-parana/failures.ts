import { z } from "zod"
import { createOrders, type Order } from "../orders.ts"

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

export type FailureOrder = Order<z.output<typeof failureSchema>>

export type Failures = ReturnType<typeof createFailures>

/** The failures asked for, in their order. */
export function createFailures() {
  const { next, ...orders } = createOrders((failure: Failure) => failureSchema.parse(failure))

  return {
    ...orders,
    /** The first one for such a search, which it has then met. */
    next(search: { gtin: string; offset: number }): FailureOrder | undefined {
      const order = next(
        ({ gtin = search.gtin, offset = 0 }) => gtin === search.gtin && offset <= search.offset,
      )
      order?.met.resolve()
      return order
    },
  }
}
