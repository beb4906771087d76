import type { JobName, JobNamed } from "../../lib/jobs/index.ts"
import backup from "./backup.ts"
import cleanup from "./cleanup.ts"
import type { Processor } from "./define.ts"
import email from "./email.ts"
import dataExport from "./export.ts"
import integrationSync from "./integration-sync.ts"
import invoice from "./invoice.ts"
import notification from "./notification.ts"
import paymentReminder from "./payment-reminder.ts"
import priceSync from "./price-sync.ts"
import report from "./report.ts"

/** Leave a job out and this no longer compiles. */
export const processors: { [Name in JobName]: Processor<JobNamed<Name>> } = {
  backup,
  cleanup,
  email,
  invoice,
  notification,
  export: dataExport,
  "integration-sync": integrationSync,
  "payment-reminder": paymentReminder,
  "price-sync": priceSync,
  report,
}
