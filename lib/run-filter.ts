import { z } from "zod"
import { jobOf, queueAliases } from "./jobs/index.ts"
import { asMoment } from "./moment.ts"
import { runStatus } from "./runs.ts"

const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((value) => !value.includes("\0") && value.isWellFormed(), {
      error: "a text without NUL characters and halves of others",
    })

/** What looks like a place in a list and is none, such as `-1` or `01`: PostgreSQL would take it for one. */
const NO_PLACE = /^\s*(?:[+-]\s*\d+|0\d+)$/

/** A dotted path into a payload, `items.0.productId`. */
const path = text(200).refine((value) => value.split(".").every((part) => part && !NO_PLACE.test(part)), {
  error: "names of fields, or places in lists from 0 on, with dots between them",
})

const moment = asMoment(
  z.union([z.date(), z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "a moment with its offset, 2026-02-10T14:30:00-03:00, or a day",
  }),
)

/** Which runs are meant: those that all of this is true of. */
export const runFilter = z.strictObject({
  queue: z
    .enum(queueAliases, { error: `one of the queues ${queueAliases.join(", ")}` })
    .transform((alias): string => jobOf(alias).name)
    .optional()
    .describe("its queue"),
  status: runStatus.shape.status
    .optional()
    .describe("where it stands; one that took too long counts as failed. Without it, runs that have ended"),
  name: text(200).optional().describe("its label"),
  from: moment
    .optional()
    .describe("ended at this moment or later; of a run that has not ended: was asked for"),
  to: moment.optional().describe("ended before this moment; of a run that has not ended: was asked for"),
  error: text(500)
    .optional()
    .describe("its error has this in it; letters from A to Z are the same as those from a to z"),
  data: z
    .record(path, z.union([text(500), z.literal(""), z.number(), z.boolean(), z.null()]).transform(String))
    .refine((fields) => Object.keys(fields).length <= 5, { error: "at most 5 fields of the payload" })
    .optional()
    .describe("its payload, without personal data, has these values at these paths"),
})

/** The same, of these queues alone: those that whoever asks is limited to. */
export type RunFilter = z.output<typeof runFilter> & { queues?: readonly string[] }
export type RunStatusName = z.output<typeof runStatus>["status"]

/** Where runs stand that have not ended, in the order in which they come to it: Redis knows them. */
export const queuedStatuses = ["delayed", "waiting", "active"] as const
export type QueuedStatus = (typeof queuedStatuses)[number]

/** Where runs stand that have ended: the ledger knows them. */
export type EndedStatus = Exclude<RunStatusName, QueuedStatus>

export const isQueuedStatus = (status: RunStatusName): status is QueuedStatus =>
  (queuedStatuses as readonly string[]).includes(status)

/** The queues that a filter is for; undefined for all. */
export const queuesOf = ({ queue, queues }: RunFilter): readonly string[] | undefined =>
  queue === undefined ? queues : [queue]

/** The values that a text of a filter stands for: itself, and what it says as JSON. */
export function valuesOf(text: string): (string | number | boolean | null)[] {
  const said = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text)
    ? JSON.parse(text)
    : text
  return said === text || (typeof said === "number" && !Number.isFinite(said)) ? [text] : [text, said]
}
