import { closeQueues, closeRedis } from "../lib/queues.ts"
import type { ResendSimulator } from "./resend/simulator.ts"

/** What the test process runs against; its preload fills this in. */
export const world = {} as { resend: ResendSimulator }

/** Do something with the queues of another Redis, then be back at the one before. */
export async function withRedisAt<T>(url: string, act: () => Promise<T>): Promise<T> {
  const before = process.env.REDIS_URL
  await closeQueues()
  await closeRedis()
  process.env.REDIS_URL = url
  try {
    return await act()
  } finally {
    await closeQueues()
    await closeRedis()
    process.env.REDIS_URL = before
  }
}
