import type { RedisClient } from "../../lib/redis/connect.ts"
import { notaParanaEnv } from "./env.ts"
import { createBreaker } from "./guest/breaker.ts"
import { createBudget } from "./guest/budget.ts"
import { createGuest } from "./guest/guest.ts"
import { createPace } from "./guest/pace.ts"
import { createNotaParana } from "./nota-parana/client.ts"

/** Requests that a process has under way at a time. */
const PARALLEL = 2

const opened = new WeakMap<RedisClient, ReturnType<typeof openNotaParana>>()

/** Nota Paraná as all runs of this process ask it: at one pace. */
export function notaParana(redis: RedisClient) {
  const known = opened.get(redis) ?? openNotaParana(redis)
  opened.set(redis, known)
  return known
}

/**
 * Nota Paraná as the environment has it, with a guest's manners. The pace is that of who opens it; the budget and the breaker
 * are all processes' own.
 */
export function openNotaParana(redis: RedisClient) {
  const env = notaParanaEnv()
  const budget = createBudget({ redis, limit: env.NOTA_PARANA_DAILY_BUDGET })
  const breaker = createBreaker({ redis })
  const pace = createPace({ parallel: PARALLEL, pause: env.NOTA_PARANA_PAUSE })
  const { searchProducts } = createNotaParana({
    baseUrl: env.NOTA_PARANA_URL,
    userAgent: env.NOTA_PARANA_USER_AGENT,
    guest: createGuest(pace, breaker, budget),
  })
  return { searchProducts, budget, breaker }
}
