import { count, defineEnv } from "../../lib/env.ts"

export const syncEnv = defineEnv({
  PARTNER_REQUESTS_PER_SECOND: count
    .optional()
    .describe(
      "integrations: requests a second to each partner, of all workers together; as many as it is known to bear when not set",
    ),
})
