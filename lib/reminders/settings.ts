import { z } from "zod"
import { isZone } from "../zone.ts"

/** Days of which there are ten at most, each once, in the order in which they come. */
const days = (least: number, most: number, order: (one: number, other: number) => number) =>
  z
    .array(z.int().min(least).max(most))
    .max(10)
    .transform((given) => [...new Set(given)].sort(order))

/** When an agency's renters are told of payments, and by which calendar. */
export const reminderSettings = z
  .strictObject({
    timeZone: z
      .string()
      .max(100)
      .regex(/^[A-Za-z]/)
      .refine(isZone, { error: "an IANA zone, such as America/Sao_Paulo" })
      .describe("the zone of the agency's calendar, which its reports and invoices go by as well"),
    before: days(0, 60, (one, other) => other - one).describe(
      "days before a payment is due on which it is told of; `[]` for none",
    ),
    overdue: days(1, 365, (one, other) => one - other).describe("days overdue on which it is; `[]` for none"),
    finalNotice: z
      .int()
      .min(1)
      .max(365)
      .nullable()
      .describe("days overdue at which it is told of for the last time; null for never"),
  })
  .refine(({ overdue, finalNotice }) => finalNotice === null || overdue.every((day) => day < finalNotice), {
    path: ["finalNotice"],
    error: "more days than any of `overdue`, or null",
  })

export type ReminderSettings = z.output<typeof reminderSettings>
