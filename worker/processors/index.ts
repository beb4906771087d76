import type { JobName, JobNamed } from "../../lib/jobs/index.ts"
import type { Processor } from "./define.ts"

/** Where the processor of each job is: a process loads those of its queues. Leave a job out and this no longer compiles. */
export const processors: { [Name in JobName]: () => Promise<{ default: Processor<JobNamed<Name>> }> } = {
  backup: () => import("./backup.ts"),
  cleanup: () => import("./cleanup.ts"),
  email: () => import("./email.ts"),
  invoice: () => import("./invoice.ts"),
  notification: () => import("./notification.ts"),
  export: () => import("./export.ts"),
  "integration-sync": () => import("./integration-sync.ts"),
  "payment-reminder": () => import("./payment-reminder.ts"),
  "price-sync": () => import("./price-sync.ts"),
  report: () => import("./report.ts"),
}
