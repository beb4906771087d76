import { z } from "zod"

/** Where the API says which runs somebody looks on at, and workers say which of those something happened to. */
export const WATCHED = "esteira:watched"
export const HAPPENED = "esteira:happened"

/** Milliseconds for which it is heeded that a run is watched; it is said three times as often. */
export const WATCHED_FOR = 45_000

/** Names a run among those of all queues. */
export const runKey = (queue: string, id: string) => `${queue}/${id}`

/** What is said of watched runs: their names. */
export const watchedMessage = z.array(z.string().max(300)).max(10_000)
