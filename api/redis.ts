import { RedisUnavailable } from "../lib/errors.ts"

/** What Redis answers, or that it is away, for who knows where else to ask. */
export const orAway = <T>(answer: Promise<T>): Promise<T | RedisUnavailable> =>
  answer.catch((error) => {
    if (error instanceof RedisUnavailable) return error
    throw error
  })
