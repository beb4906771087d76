import type { ReportContent } from "../../../lib/jobs/report.ts"
import type { Section, Sought } from "../section.ts"
import { leadsSection } from "./leads.ts"
import { metricsSection } from "./metrics.ts"
import { overdueSection } from "./overdue.ts"
import { ownersSection } from "./owners.ts"
import { basketsSection, movementsSection } from "./prices.ts"
import { rentalSection } from "./rental.ts"

/** What each content of a report consists of. */
export const sectionsOf: Record<ReportContent, ((sought: Sought) => Promise<Section>)[]> = {
  metrics: [metricsSection],
  rental: [rentalSection],
  overdue: [overdueSection],
  owners: [ownersSection],
  leads: [leadsSection],
  prices: [basketsSection, movementsSection],
}
