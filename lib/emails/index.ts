import type { z } from "zod"
import { monthlyReportProps } from "./monthly-report.ts"
import { verificationProps } from "./verification.ts"
import { welcomeProps } from "./welcome.ts"

/** Every template there is, with the props it takes: the door checks them without loading React. */
export const templateProps = {
  "monthly-report": monthlyReportProps,
  verification: verificationProps,
  welcome: welcomeProps,
} as const

export type TemplateName = keyof typeof templateProps
export type TemplateProps<Name extends TemplateName> = z.output<(typeof templateProps)[Name]>
