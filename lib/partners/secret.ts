import { z } from "zod"

/** A secret that an agency and a partner share. */
export const sharedSecret = z
  .string()
  .regex(/^[\x21-\x7e]{16,500}$/, { error: "16 to 500 letters, digits and signs, without spaces" })

/** What messages are signed with, as Standard Webhooks has it. */
export const signingSecret = z
  .string()
  .regex(/^whsec_(?:[A-Za-z\d+/]{4}){8,21}(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/, {
    error: "whsec_ and 24 to 64 bytes as base64",
  })
