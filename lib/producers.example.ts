import type { Enqueued } from "./enqueue.ts"
import {
  addBackupJob,
  addCleanupJob,
  addEmailSendJob,
  addJob,
  addPriceSyncJob,
  type CleanupJobData,
  closeRedis,
  createQueue,
  type EmailJobData,
  type ExportJobData,
  type IntegrationSyncJobData,
  type PriceSyncJobData,
  QueueName,
  queueCustomReport,
  queueEmail,
  queueIntegrationSync,
  queueInvoice,
  queueOverduePaymentReminder,
  queues,
  type ReportJobData,
  runIntegrationSync,
  runPaymentReminders,
  shutdownJobs,
} from "./producers.ts"

/** Every example of mail, invoices, reminders, price sync, backups, reports, exports, integrations and cleanup in the two specifications, as it stands there; prints the ids. */
export async function specifiedExamples() {
  const job = await addEmailSendJob({
    to: ["user@example.com"],
    subject: "Relatório Mensal",
    template: "monthly-report",
    data: { month: "Janeiro" },
    priority: "high",
  })

  const welcome = await queueEmail({
    to: "user@example.com",
    subject: "Welcome to ImobiBase",
    template: "welcome",
    data: {
      userName: "John Doe",
      loginUrl: "https://app.imobibase.com/login",
    },
  })

  const test = await queueEmail({
    to: "test@example.com",
    subject: "Test Email",
    template: "welcome",
    data: { userName: "Test User" },
  })

  const data = { to: "user@example.com", template: "welcome", data: { userName: "Test User" } } as const
  const first = await queueEmail(data, {
    priority: 1, // Highest priority
  })
  const later = await queueEmail(data, {
    delay: 60000, // 1 minute delay
  })
  const recipients = ["a@example.com", "b@example.com"]
  const batch: Enqueued[] = []
  for (const recipient of recipients) {
    batch.push(
      await queueEmail(
        { ...data, to: recipient },
        {
          priority: 5,
          delay: Math.random() * 60000, // Random delay up to 1 minute
        },
      ),
    )
  }

  const queued = await queues["email-send"].add("send-email", data)
  const added = await addJob("email-send", "send-email", data, { priority: 2 })
  const emailQueue = createQueue<EmailJobData>(QueueName.EMAIL)
  const labelled = await emailQueue.add("greeting", data)

  const invoice = await queueInvoice({
    invoiceId: 12345,
    userId: 1,
    sendEmail: true,
  })

  const contractId = 1
  const overdue = await queueOverduePaymentReminder(contractId, 5) // 5 days overdue
  const sweep = await runPaymentReminders()

  const sync = await addPriceSyncJob({})
  const synced = await queues["price-sync"].add("start-full-sync", {} satisfies PriceSyncJobData)

  const saved = await addBackupJob({
    backupType: "full",
    compress: true,
    tables: ["products", "markets"],
  })

  const userId = 1
  const report = await queueCustomReport("2025-01-01", "2025-01-31", "pdf", "user@example.com", userId)
  const reported = await queues["report-generation"].add("generate-report", {
    reportType: "monthly",
    period: { start: "2025-01-01", end: "2025-01-31" },
    format: "xlsx",
    includeCharts: true,
  } satisfies ReportJobData)

  // cron.schedule('0 */6 * * *', …)
  const exchanged = await runIntegrationSync()
  const portal = await queueIntegrationSync({ provider: "real-estate-portal", action: "push" })
  const exchange = await createQueue<IntegrationSyncJobData>(QueueName.INTEGRATION_SYNC).add("sync-zapier", {
    provider: "zapier",
    action: "sync",
  })

  const exportQueue = createQueue<ExportJobData>(QueueName.EXPORT)
  const personal = await exportQueue.add("user-data-export", {
    userId: 123,
    type: "all",
    format: "zip",
    email: "user@example.com",
  })
  const tables = await queues["data-export"].add("export-data", { tables: ["products"], format: "xlsx" })

  const cleaned = await addCleanupJob({
    cleanupType: "logs",
    maxAge: 30, // dias
  })
  const cleanedUp = await createQueue<CleanupJobData>(QueueName.CLEANUP).add("cleanup-temp-files", {
    target: "temp-files",
    olderThan: 7,
  })

  return [
    job,
    welcome,
    test,
    first,
    later,
    ...batch,
    queued,
    added,
    labelled,
    invoice,
    overdue,
    sweep,
    sync,
    synced,
    report,
    reported,
    personal,
    tables,
    cleaned,
    cleanedUp,
    exchanged,
    portal,
    exchange,
    saved,
  ]
}

if (import.meta.main) {
  const jobs = await specifiedExamples()
  await shutdownJobs()
  await closeRedis()
  console.log(JSON.stringify(jobs))
}
