import { z } from "zod"
import { pii } from "../pii.ts"
import { withExample } from "./example.ts"
import { link, userName } from "./fields.ts"

/** What the `password-reset` mail says: the link works for whoever has it, until it expires. */
export const passwordResetProps = withExample(
  z.object({
    userName,
    resetUrl: pii(link),
    expiresInMinutes: z.int().positive().max(1_440).default(60),
  }),
  {
    userName: "Ana Beatriz",
    resetUrl: "https://app.example.com/reset?token=cXV4YmF6YmFyZm9v",
    expiresInMinutes: 60,
  },
)
