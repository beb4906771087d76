import { z } from "zod"
import { like } from "../like.ts"
import { reminderTypes } from "../reminders/stages.ts"
import { defineJob } from "./define.ts"

const MOST_DAYS = 3_650

const id = z.int().positive()
const days = z
  .int()
  .min(0)
  .max(MOST_DAYS)
  .optional()
  .describe("the stage: so many days before it is due, or overdue; as many as it is when not set")

const reminder = {
  contractId: id.describe("the rental contract"),
  paymentId: id
    .optional()
    .describe(
      "the payment of it; else the next that is due, or of those at least so many `days` overdue the latest, or without `days` the oldest",
    ),
  type: z.enum(reminderTypes),
  days,
  ifLatest: z
    .literal(true)
    .optional()
    .describe("not once a later stage of the agency's has come, which has a run of its own: so sweeps ask"),
}

const sweep = z
  .strictObject({ type: z.literal("sweep") })
  .describe("of every agency, whatever is due at its stages is asked for")

const error = `one of ${reminderTypes.join(", ")}, or sweep`

interface Said {
  type: string
  days?: number | undefined
  daysOverdue?: number | undefined
}

const OF_OVERDUE = {
  path: ["days"],
  error: "one day at least: until the end of the day on which it is due, nothing is overdue",
}
const isOfOverdue = ({ type, days, daysOverdue = days }: Said) => type === "upcoming" || daysOverdue !== 0

/** What came of a reminder that was asked for. */
const reminderOutcomes = [
  "sent",
  "sent-before",
  "overtaken",
  "settled",
  "contract-ended",
  "not-due",
  "swept",
] as const

export type ReminderOutcome = Exclude<(typeof reminderOutcomes)[number], "swept">

export const paymentReminder = defineJob({
  name: "payment-reminder",
  summary: "Remind a renter of a payment that is due soon or overdue, each stage of it once",
  payload: z.discriminatedUnion("type", [z.strictObject(reminder).refine(isOfOverdue, OF_OVERDUE), sweep], {
    error,
  }),
  accepts: {
    input: z.discriminatedUnion(
      "type",
      [
        z
          .strictObject({
            ...reminder,
            daysOverdue: days.describe("another name of `days`, of what is overdue"),
          })
          .refine(isOfOverdue, OF_OVERDUE)
          .refine(({ type, daysOverdue }) => type !== "upcoming" || !daysOverdue, {
            path: ["daysOverdue"],
            error: "nothing of an upcoming payment: `days` are those before it is due",
          })
          .refine(
            ({ type, days = 0, daysOverdue }) =>
              type === "upcoming" || !days || (daysOverdue ?? days) === days,
            {
              path: ["daysOverdue"],
              error: "the same as days, or nothing",
            },
          ),
        sweep,
      ],
      { error },
    ),
    normalise(given) {
      if (given.type === "sweep") return { payload: given }
      const { days, daysOverdue, ...rest } = given
      const stage = days ?? (given.type === "upcoming" ? undefined : daysOverdue)
      return { payload: { ...rest, ...(stage !== undefined && { days: stage }) } }
    },
  },
  result: like(
    z.object({
      outcome: z
        .enum(reminderOutcomes)
        .describe(
          "sent-before: this stage was; overtaken: a later stage was; settled: nothing is owed; not-due: nothing is at this stage",
        ),
      reminderId: id.nullable().describe("the row of payment_reminders, of a reminder that is sent"),
      paymentId: id.nullable(),
      amountCents: z.int().nullable().describe("what was asked for, with late fee and interest"),
      channels: z.array(z.string()).describe("how the renter was told"),
      isAgencyTold: z.boolean(),
      asked: z.int().describe("runs that a sweep has asked for"),
    }),
    {
      outcome: "sent",
      reminderId: 812,
      paymentId: 143,
      amountCents: 158_358,
      channels: ["email", "in-app"],
      isAgencyTold: false,
      asked: 0,
    },
  ),
  example: { contractId: 1, type: "overdue", days: 5 },
  concurrency: 5,
  timeout: 10 * 60_000,
  schedules: [{ name: "payment-reminders", cron: "0 9 * * *", payload: () => ({ type: "sweep" as const }) }],
})
