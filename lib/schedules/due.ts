import type { ScheduleDefinition } from "../jobs/define.ts"
import { newestSlots, type Rule } from "./slots.ts"

/** Milliseconds by which a slot may be late and yet not have been missed. */
export const PUNCTUAL = 5 * 60_000

/** Most slots of an outage that are made up for. */
export const MOST_SLOTS = 1_000

/** What came due after one moment and not after another: the slots to ask runs for, oldest first, and the newest slot of all. */
export function dueSlots(missed: ScheduleDefinition["missed"], rule: Rule, after: Date, until: Date) {
  const came = newestSlots(rule, after, until, missed === "latest" ? 1 : MOST_SLOTS + 1)
  const due = missed === "skip" ? came.filter((slot) => slot.getTime() >= until.getTime() - PUNCTUAL) : came
  return {
    due: due.slice(-MOST_SLOTS),
    newest: came.at(-1),
    isCut: missed === "all" && came.length > MOST_SLOTS,
  }
}
