import type { z } from "zod"
import { UnknownQueue } from "../errors.ts"
import { backup } from "./backup.ts"
import { cleanup } from "./cleanup.ts"
import type { JobDefinition } from "./define.ts"
import { email } from "./email.ts"
import { dataExport } from "./export.ts"
import { integrationSync } from "./integration-sync.ts"
import { invoice } from "./invoice.ts"
import { notification } from "./notification.ts"
import { paymentReminder } from "./payment-reminder.ts"
import { priceSync } from "./price-sync.ts"
import { report } from "./report.ts"

/** Every job there is. Routes, documentation, producers and workers all read this list. */
export const jobs = [
  email,
  invoice,
  report,
  paymentReminder,
  notification,
  dataExport,
  priceSync,
  backup,
  cleanup,
  integrationSync,
] as const satisfies JobDefinition[]

export type Job = (typeof jobs)[number]
export type JobName = Job["name"]
export type JobNamed<Name extends JobName> = Extract<Job, { name: Name }>

/** The names a job's queue answers to: the job's, and its aliases. */
type NameOf<J> = J extends { name: infer Name; aliases?: readonly (infer Alias)[] } ? Name | Alias : never

export type QueueAlias = NameOf<Job>
export type JobCalled<Alias extends QueueAlias, J = Job> = J extends Job
  ? Alias extends NameOf<J>
    ? J
    : never
  : never

/** What a caller may send, what a processor gets, and what it returns. */
export type JobInput<J extends JobDefinition> = z.input<NonNullable<J["accepts"]>["input"]>
export type JobPayload<J extends JobDefinition> = z.output<J["payload"]>
export type JobResult<J extends JobDefinition> = z.output<J["result"]>

const byAlias = new Map<string, Job>(
  jobs.flatMap((job) => [job.name, ...(job.aliases ?? [])].map((alias) => [alias, job] as const)),
)

/** Every name a queue answers to. */
export const queueAliases = [...byAlias.keys()] as QueueAlias[]

/** The job of a queue, by its name or an alias; UnknownQueue says which there are. */
export function jobOf(queue: string): Job {
  const job = byAlias.get(queue)
  if (job) return job
  throw new UnknownQueue(`No queue "${queue}": the queues are ${queueAliases.join(", ")}`)
}
