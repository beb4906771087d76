import type { Enqueued } from "./enqueue.ts"
import {
  addBackupJob,
  addEmailSendJob,
  addJob,
  addPriceSyncJob,
  closeRedis,
  createQueue,
  type EmailJobData,
  type PriceSyncJobData,
  QueueName,
  queueEmail,
  queues,
  shutdownJobs,
} from "./producers.ts"

/** Every example of mail, of price sync and of backup in the two specifications, as it stands there; prints the ids. */
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

  const sync = await addPriceSyncJob({})
  const synced = await queues["price-sync"].add("start-full-sync", {} satisfies PriceSyncJobData)

  const saved = await addBackupJob({
    backupType: "full",
    compress: true,
    tables: ["products", "markets"],
  })

  return [job, welcome, test, first, later, ...batch, queued, added, labelled, sync, synced, saved]
}

if (import.meta.main) {
  const jobs = await specifiedExamples()
  await shutdownJobs()
  await closeRedis()
  console.log(JSON.stringify(jobs))
}
