import { digestOf } from "../../lib/digest.ts"
import { onRedis } from "../../lib/queues.ts"
import { HttpError } from "../errors.ts"
import { placeOf } from "./address.ts"

/** Tries within a quarter of an hour: from one place, and of one account wherever they come from. */
const MOST = { place: 30, account: 10 }
const WINDOW = 15 * 60

const placeKey = (address: string | undefined) =>
  `esteira:login:place:${digestOf(placeOf(address ?? "unknown"))}`
const accountKey = (email: string) => `esteira:login:account:${digestOf(email)}`

/** Count a try to log in, whether there is such an account or not; its address is the one it is looked up by. Throws 429 above what is let; RedisUnavailable. */
export async function countLogin(email: string, address: string | undefined) {
  await take(placeKey(address), MOST.place)
  await take(accountKey(email), MOST.account)
}

/** Forget the tries of an account, whose password has been shown. */
export const forgiveLogins = (email: string) => onRedis((redis) => redis.del(accountKey(email)))

async function take(key: string, most: number) {
  // Together, or a counter that expires in between would be one for ever.
  const asked = await onRedis((redis) =>
    redis.multi().set(key, 0, "EX", WINDOW, "NX").incr(key).ttl(key).exec(),
  )
  const [, tries, left] = asked!.map(([error, answer]) => {
    if (error) throw error
    return Number(answer)
  }) as [number, number, number]
  if (tries > most)
    throw new HttpError(429, "Too many tries to log in: wait, or use an API key", {
      "retry-after": String(Math.max(1, left)),
    })
}
