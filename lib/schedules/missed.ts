import { MOST_SLOTS, PUNCTUAL } from "./due.ts"
import { newestSlots, type Rule } from "./slots.ts"

/** How many slots of a rule have come since a moment and should have been dealt with by now, at most 1,000: five minutes late is not missed. */
export const missedSlots = (rule: Rule, since: Date, now = new Date()): number =>
  newestSlots(rule, since, new Date(now.getTime() - PUNCTUAL), MOST_SLOTS).length
