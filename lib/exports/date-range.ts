import { z } from "zod"
import { dayIn } from "../days.ts"

const error = "a day, 2026-02-10, or a moment with its offset, 2026-02-10T14:30:00-03:00"

const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], { error })
  // PostgreSQL knows no year 0.
  .refine((said) => said >= "0001", { error })

/** A first day or moment, and a last one, which is wholly meant if it is a day. */
export const dateRange = z
  .strictObject({ start: moment.optional(), end: moment.optional(), column: z.string().max(100).optional() })
  .refine(({ start, end }) => start !== undefined || end !== undefined, { error: "a start, an end, or both" })
  .refine(({ start, end }) => !start || !end || instantOf(start, "start") <= instantOf(end, "end"), {
    path: ["end"],
    error: "an end that does not come before the start",
  })
  .refine(({ start }) => !isInFuture(start), {
    path: ["start"],
    error: "a day that has come: there is nothing yet of the future",
  })

export type DateRange = z.output<typeof dateRange>

/** Whether it is after today wherever somebody is. */
const isInFuture = (start: string | undefined) =>
  start !== undefined && start.slice(0, 10) > dayIn("Pacific/Kiritimati")

const instantOf = (text: string, end: "start" | "end") =>
  text.length > 10 ? Date.parse(text) : Date.parse(`${text}T00:00:00Z`) + (end === "end" ? 86_399_999 : 0)
