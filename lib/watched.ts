import { z } from "zod"

/**
 * Where the API says which runs somebody looks on at, and it is said which of those, and whose notifications, something happened
 * to: their names, one a line.
 */
export const WATCHED = "esteira:watched"
export const HAPPENED = "esteira:happened"

/** Milliseconds for which it is heeded that a run is watched; it is said three times as often. */
export const WATCHED_FOR = 45_000

/** Names a run among those of all queues. */
export const runKey = (queue: string, id: string) => `${queue}/${id}`

/** Names the notifications of somebody. */
export const inboxKey = (userId: number) => `inbox/${userId}`

/** Whether this names the notifications of somebody, of which is told whether they are watched or not. */
export const isInbox = (key: string) => key.startsWith("inbox/")

/** What is said of watched runs: their names. */
export const watchedMessage = z.array(z.string().max(300)).max(10_000)
