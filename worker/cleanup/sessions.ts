import { sweepSessions } from "../../lib/session/sweep.ts"
import type { Run } from "../run.ts"
import { type Item, reasons, type Wanted } from "./item.ts"

/** Delete sessions that were not used for so long and would never end. */
export async function cleanSessions({ before, dryRun }: Wanted, { signal }: Run): Promise<Item[]> {
  const seconds = Math.ceil((Date.now() - before.getTime()) / 1_000)
  const { deleted, given, ending } = await sweepSessions(seconds, { dryRun, signal })
  const kept = reasons(
    { count: ending, why: "it ends by itself" },
    {
      count: given,
      why: `it had no end${dryRun ? "" : ", and has one now"}, and was used within ${seconds} seconds`,
    },
  )
  return [{ what: "sessions", deleted, kept }]
}
