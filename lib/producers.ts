import { type Enqueued, enqueue } from "./enqueue.ts"
import type { EnqueueOptions } from "./enqueue-options.ts"
import {
  type JobCalled,
  type JobInput,
  type JobName,
  jobOf,
  jobs,
  type QueueAlias,
  queueAliases,
} from "./jobs/index.ts"
import { closeQueues } from "./queues.ts"

export { type BulkEmail, type BulkRecipient, queueBulkEmail } from "./mailings/queue.ts"
export { closeRedis } from "./queues.ts"

/** The priority of a report that somebody waits for: before those of schedules. */
const CUSTOM_REPORT = 2

/** The priorities of reminders that are asked for one by one. */
const [OVERDUE, UPCOMING] = [1, 3]

type QueueInput<Alias extends QueueAlias> = JobInput<JobCalled<Alias>>
type Constant<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Uppercase<Head>}_${Constant<Tail>}`
  : Uppercase<Name>

/** The queues by constant: `QueueName.EMAIL` is `"email"`. */
export const QueueName = Object.fromEntries(
  jobs.map(({ name }) => [name.toUpperCase().replaceAll("-", "_"), name]),
) as { readonly [Name in JobName as Constant<Name>]: Name }

export type QueueName = JobName

/** A queue to add runs to. `jobName` is a label kept on the run. */
export interface ProducerQueue<Data> {
  name: JobName
  add(jobName: string, data: Data, options?: EnqueueOptions): Promise<Enqueued>
}

/** Open the door of one queue, by its name or an alias; UnknownQueue says which there are. */
export const createQueue = <Data extends QueueInput<QueueAlias> = QueueInput<QueueAlias>>(
  queueName: QueueAlias,
): ProducerQueue<Data> => ({
  name: jobOf(queueName).name,
  add: (jobName, data, options) => enqueue(jobOf(queueName), data, options, { name: jobName }),
})

/** Every queue by its name and by its aliases: `queues["email-send"].add(…)`. */
export const queues = Object.fromEntries(queueAliases.map((alias) => [alias, createQueue(alias)])) as {
  readonly [Alias in QueueAlias]: ProducerQueue<QueueInput<Alias>>
}

/** Ask for a run on a queue. Throws as `enqueue` does, and UnknownQueue. */
export const addJob = <Alias extends QueueAlias>(
  queueName: Alias,
  jobName: string,
  data: QueueInput<Alias>,
  options?: EnqueueOptions,
): Promise<Enqueued> => createQueue<QueueInput<Alias>>(queueName).add(jobName, data, options)

/** Ask for a mail. */
export const queueEmail = (data: QueueInput<"email">, options?: EnqueueOptions) =>
  addJob("email", "send-email", data, options)

/** Ask for a mail, by the queue's other name. */
export const addEmailSendJob = (data: QueueInput<"email-send">, options?: EnqueueOptions) =>
  addJob("email-send", "send-email", data, options)

/** Have people told something, in the application and on their devices. */
export const queueNotification = (data: QueueInput<"notification">, options?: EnqueueOptions) =>
  addJob("notification", "send-notification", data, options)

/** Ask for the PDF of an invoice, before those of a batch. */
export const queueInvoice = (data: QueueInput<"invoice">, options?: EnqueueOptions) =>
  addJob("invoice", "generate-invoice", data, { priority: 3, ...options })

/** Remind the renter of a contract of the payment that is due next. */
export const queueUpcomingPaymentReminder = (contractId: number, options?: EnqueueOptions) =>
  remind({ type: "upcoming", contractId }, { priority: UPCOMING, ...options })

/** Tell the renter of a contract that a payment is overdue, so many days at least. */
export const queueOverduePaymentReminder = (
  contractId: number,
  daysOverdue?: number,
  options?: EnqueueOptions,
) => remind({ type: "overdue", contractId, ...(daysOverdue !== undefined && { daysOverdue }) }, options)

/** Tell the renter of a contract for the last time that a payment is overdue, so many days at least; and the agency. */
export const queueFinalNotice = (contractId: number, daysOverdue?: number, options?: EnqueueOptions) =>
  remind({ type: "final-notice", contractId, ...(daysOverdue !== undefined && { daysOverdue }) }, options)

/** Have every renter reminded who is at a stage today, as every day at nine. */
export const runPaymentReminders = (options?: EnqueueOptions) =>
  addJob("payment-reminder", "payment-reminders", { type: "sweep" }, options)

const remind = (data: QueueInput<"payment-reminder">, options?: EnqueueOptions) =>
  addJob("payment-reminder", "send-payment-reminder", data, { priority: OVERDUE, ...options })

/** Ask for a price sync. */
export const addPriceSyncJob = (data: QueueInput<"price-sync"> = {}, options?: EnqueueOptions) =>
  addJob("price-sync", "start-full-sync", data, options)

/** Ask for a backup. */
export const addBackupJob = (data: QueueInput<"backup"> = {}, options?: EnqueueOptions) =>
  addJob("backup", "start-backup", data, options)

/** Ask for a cleanup. */
export const addCleanupJob = (data: QueueInput<"cleanup">, options?: EnqueueOptions) =>
  addJob("cleanup", "start-cleanup", data, options)

export type CleanupJobData = QueueInput<"cleanup">

export type BackupJobData = QueueInput<"backup">

/** Ask for a report of these days about a user's agency; the link to it goes to `email`. */
export const queueCustomReport = (
  startDate: string,
  endDate: string,
  format: NonNullable<QueueInput<"report">["format"]> = "pdf",
  email?: string,
  userId?: number,
  options?: EnqueueOptions,
) =>
  addJob(
    "report",
    "generate-report",
    { type: "custom", startDate, endDate, format, ...(email && { email }), ...(userId && { userId }) },
    { priority: CUSTOM_REPORT, ...options },
  )

/** Ask for an exchange with a partner: of one agency, or of each that has it. */
export const queueIntegrationSync = (data: QueueInput<"integration-sync">, options?: EnqueueOptions) =>
  addJob("integration-sync", data.provider ? `sync-${data.provider}` : "integration-sync", data, options)

/** Ask for what the schedule asks for: an exchange of each agency with each partner that it has enabled. */
export const runIntegrationSync = (options?: EnqueueOptions) => queueIntegrationSync({}, options)

export type EmailJobData = QueueInput<"email">
export type InvoiceJobData = QueueInput<"invoice">
export type NotificationJobData = QueueInput<"notification">
export type PriceSyncJobData = QueueInput<"price-sync">
export type ReportJobData = QueueInput<"report">
export type IntegrationSyncJobData = QueueInput<"integration-sync">
export type PaymentReminderJobData = QueueInput<"payment-reminder">
export type ExportJobData = QueueInput<"export">

/** Close the queues of this process; the runs in them stay. */
export const shutdownJobs = closeQueues
