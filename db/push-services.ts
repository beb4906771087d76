import type { Db } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

/** The push services that have asked to be left alone, and are. */
export const resting = (db: Db) => db`(select name from push_services where resting_until > now())`

/** Push services that have asked to be left alone, long ago. */
export const oldRests: Aged = { table: "push_services", since: "resting_until", target: "logs" }
