import { z } from "zod"

/** For what a push may wake a device: RFC 8030, section 5.3. */
export const urgency = z.enum(["very-low", "low", "normal", "high"])

export type Urgency = z.output<typeof urgency>
