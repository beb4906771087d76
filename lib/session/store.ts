import { digestOf } from "../digest.ts"
import { onRedis } from "../queues.ts"

/** What the keys of all sessions begin with. */
export const SESSIONS = "esteira:session:"

/** Sessions of one kind in Redis, as JSON, under the digests of their ids: whoever reads Redis can use none. All throw RedisUnavailable. */
export function sessionStore<Session>(kind: string) {
  const keyOf = (id: string) => `${SESSIONS}${kind}:${digestOf(id)}`
  const parse = (json: string | null) => (json === null ? undefined : (JSON.parse(json) as Session))
  return {
    read: async (id: string): Promise<Session | undefined> =>
      parse(await onRedis((redis) => redis.get(keyOf(id)))),
    /** Read one, which lasts for as many seconds from now on. */
    use: async (id: string, seconds: number): Promise<Session | undefined> =>
      parse(await onRedis((redis) => redis.getex(keyOf(id), "EX", seconds))),
    write: (id: string, session: Session, seconds: number): Promise<unknown> =>
      onRedis((redis) => redis.set(keyOf(id), JSON.stringify(session), "EX", seconds)),
    /** Have one last for as many seconds from now on, if it is there. */
    touch: (id: string, seconds: number): Promise<unknown> =>
      onRedis((redis) => redis.expire(keyOf(id), seconds)),
    /** End one; whether it was there. */
    end: async (id: string): Promise<boolean> => (await onRedis((redis) => redis.del(keyOf(id)))) === 1,
  }
}
