import { z } from "zod"
import { pii } from "../pii.ts"
import { withExample } from "./example.ts"
import { link, userName } from "./fields.ts"

/** What the `verification` mail says; the code is shown beside the link when there is one. */
export const verificationProps = withExample(
  z.object({
    userName,
    verificationUrl: pii(link),
    code: pii(z.string().regex(/^[0-9A-Z-]{4,12}$/)).optional(),
    expiresInHours: z.int().positive().max(720).default(24),
  }),
  {
    userName: "Ana Beatriz",
    verificationUrl: "https://app.example.com/verify?token=Zm9vYmFyYmF6cXV4&next=%2Fhome",
    code: "482-913",
    expiresInHours: 24,
  },
)
