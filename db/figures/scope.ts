import type { Period } from "../../lib/reports/period.ts"

/** What figures are of: an agency's period, as things stood at the end of a day, by the clock of its zone. */
export interface Scope extends Period {
  agencyId: number
  /** The last day of the period, or today when that has not come. */
  asOf: string
  zone: string
}
