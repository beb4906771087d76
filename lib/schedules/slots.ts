import { Cron } from "croner"
import { isZone } from "../zone.ts"

/** When a schedule is due. */
export interface Rule {
  /** Minute, hour, day of month, month, day of week. */
  cron: string
  /** The IANA zone that `cron` is meant in. */
  zone: string
}

const HOUR = 3_600_000

/**
 * The first slot of a rule after a moment; undefined when none is left.
 * Where clocks are put forward, a time of day that is left out comes at the first moment after; where they are put back, one
 * that comes twice counts the first time. Rules with a wildcard or a step in hour or minute go by real time instead.
 */
export function nextSlot(rule: Rule, after: Date): Date | undefined {
  return parse(rule).nextRun(after) ?? undefined
}

/** The slots of a rule after one moment and not after another, oldest first. */
export function slotsBetween(rule: Rule, after: Date, until: Date): Date[] {
  const cron = parse(rule)
  const slots: Date[] = []
  for (let slot = cron.nextRun(after); slot && slot <= until; slot = cron.nextRun(slot)) slots.push(slot)
  return slots
}

/** The newest of these slots, at most so many, oldest first; what it takes does not grow with what is left out. */
export function newestSlots(rule: Rule, after: Date, until: Date, most: number): Date[] {
  for (let span = HOUR; ; span *= 2) {
    const from = new Date(Math.max(after.getTime(), until.getTime() - span))
    const slots = slotsBetween(rule, from, until)
    if (slots.length >= most || from <= after) return slots.slice(-most)
  }
}

/** What is wrong with a rule, or undefined. */
export function problemOf(rule: Rule): string | undefined {
  if (!isZone(rule.zone)) return `there is no zone ${rule.zone}`
  try {
    if (!nextSlot(rule, new Date())) return `the cron rule ${rule.cron} never comes`
  } catch {
    return `${rule.cron} is not a cron rule of minute, hour, day of month, month and day of week`
  }
  return undefined
}

/** How BullMQ is to find the next slot of a scheduler: as we do. */
export const repeatStrategy = (
  after: number,
  { pattern = "", tz = "UTC" }: { pattern?: string; tz?: string },
) => nextSlot({ cron: pattern, zone: tz }, new Date(after))?.getTime()

const parse = ({ cron, zone }: Rule) =>
  new Cron(cron, { timezone: zone, mode: "5-part", fixedTimeRule: "no-wildcard" })
