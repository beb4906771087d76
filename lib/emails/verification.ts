import { z } from "zod"

/** What the `verification` mail says; the code is shown beside the link when there is one. */
export const verificationProps = z.object({
  userName: z.string().trim().min(1).max(200),
  verificationUrl: z.url({ protocol: /^https?$/ }),
  code: z
    .string()
    .regex(/^[0-9A-Z-]{4,12}$/)
    .optional(),
  expiresInHours: z.int().positive().max(720).default(24),
})
