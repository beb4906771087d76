import type { z } from "zod"

/** Mark a field as personal data: logs, error reports and the ledger show it as `[redacted]`. */
export const pii = <Schema extends z.ZodType>(schema: Schema): Schema => schema.meta({ pii: true })
