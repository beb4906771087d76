import { outbox as unhurried } from "../db/outbox.ts"
import type { Outbox } from "../lib/enqueue.ts"
import { within } from "../lib/within.ts"

/** Milliseconds PostgreSQL has to take what Redis did not. */
const PATIENCE = 3_000

/** Where runs go while Redis is away. */
export const outbox: Outbox = { add: (runs) => within(PATIENCE, "PostgreSQL", unhurried.add(runs)) }
