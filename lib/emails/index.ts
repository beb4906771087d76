import type { z } from "zod"
import { contractExpiringProps } from "./contract-expiring.ts"
import { exportReadyProps } from "./export-ready.ts"
import { invoiceProps } from "./invoice.ts"
import { monthlyReportProps } from "./monthly-report.ts"
import { newsletterProps } from "./newsletter.ts"
import { passwordResetProps } from "./password-reset.ts"
import { paymentOverdueProps } from "./payment-overdue.ts"
import { paymentReminderProps } from "./payment-reminder.ts"
import { propertyInquiryProps } from "./property-inquiry.ts"
import { rentFollowUpProps } from "./rent-follow-up.ts"
import { reportReadyProps } from "./report-ready.ts"
import { verificationProps } from "./verification.ts"
import { welcomeProps } from "./welcome.ts"

/** Every template there is, with the props it takes: the door checks them without loading React. */
export const templateProps = {
  "contract-expiring": contractExpiringProps,
  "export-ready": exportReadyProps,
  invoice: invoiceProps,
  "monthly-report": monthlyReportProps,
  newsletter: newsletterProps,
  "password-reset": passwordResetProps,
  "payment-overdue": paymentOverdueProps,
  "payment-reminder": paymentReminderProps,
  "property-inquiry": propertyInquiryProps,
  "rent-follow-up": rentFollowUpProps,
  "report-ready": reportReadyProps,
  verification: verificationProps,
  welcome: welcomeProps,
} as const

export type TemplateName = keyof typeof templateProps
export type TemplateProps<Name extends TemplateName> = z.output<(typeof templateProps)[Name]>

/** The names of the templates, in the order of the alphabet. */
export const templateNames = Object.keys(templateProps).sort() as TemplateName[]
