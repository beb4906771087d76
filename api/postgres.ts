import { isDatabaseAway } from "../db/errors.ts"
import { createLog } from "../lib/log.ts"
import { within } from "../lib/within.ts"
import { HttpError } from "./errors.ts"

/** Milliseconds PostgreSQL has to answer before it counts as away. */
const PATIENCE = 2_000

const log = createLog("API")

/** What PostgreSQL answers; throws 503 with this sentence while it does not. */
export async function fromPostgres<T>(answer: Promise<T>, sentence: string): Promise<T> {
  try {
    return await within(PATIENCE, "PostgreSQL", answer)
  } catch (error) {
    if (!isDatabaseAway(error) && (error as Error).name !== "TimeoutError") throw error
    log.warn("PostgreSQL was asked in vain", { reason: (error as Error).message })
    throw new HttpError(503, sentence, { "retry-after": "5" })
  }
}
