import type { TemplateName } from "../lib/emails/index.ts"
import { monthlyReport } from "./monthly-report.tsx"
import type { EmailTemplate } from "./template.ts"
import { verification } from "./verification.tsx"
import { welcome } from "./welcome.tsx"

/** The component of every template: one that has props but no component does not compile. */
export const templates: { [Name in TemplateName]: EmailTemplate<Name> } = {
  "monthly-report": monthlyReport,
  verification,
  welcome,
}
