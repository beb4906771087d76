import { z } from "zod"

/** What the `monthly-report` mail says: the month in words, figures to show at a glance, a link to the whole. */
export const monthlyReportProps = z.object({
  month: z.string().trim().min(1).max(60),
  userName: z.string().trim().min(1).max(200).optional(),
  reportUrl: z.url({ protocol: /^https?$/ }).optional(),
  highlights: z
    .array(z.object({ label: z.string().min(1).max(60), value: z.string().min(1).max(40) }))
    .max(8)
    .default([]),
})
