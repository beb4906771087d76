import type { TemplateName } from "../lib/emails/index.ts"
import { contractExpiring } from "./contract-expiring.tsx"
import { exportReady } from "./export-ready.tsx"
import { invoice } from "./invoice.tsx"
import { monthlyReport } from "./monthly-report.tsx"
import { newsletter } from "./newsletter.tsx"
import { passwordReset } from "./password-reset.tsx"
import { paymentOverdue } from "./payment-overdue.tsx"
import { paymentReminder } from "./payment-reminder.tsx"
import { propertyInquiry } from "./property-inquiry.tsx"
import { rentFollowUp } from "./rent-follow-up.tsx"
import { reportReady } from "./report-ready.tsx"
import type { EmailTemplate } from "./template.ts"
import { verification } from "./verification.tsx"
import { welcome } from "./welcome.tsx"

/** The component of every template: one that has props but no component does not compile. */
export const templates: { [Name in TemplateName]: EmailTemplate<Name> } = {
  "contract-expiring": contractExpiring,
  "export-ready": exportReady,
  invoice,
  "monthly-report": monthlyReport,
  newsletter,
  "password-reset": passwordReset,
  "payment-overdue": paymentOverdue,
  "payment-reminder": paymentReminder,
  "property-inquiry": propertyInquiry,
  "rent-follow-up": rentFollowUp,
  "report-ready": reportReady,
  verification,
  welcome,
}
