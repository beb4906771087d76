import type { z } from "zod"

/** Mark a field as personal data: logs, error reports and the ledger show it as `[redacted]`, also where a text of its run mentions it. */
export const pii = <Schema extends z.ZodType>(schema: Schema): Schema => schema.meta({ pii: true })
