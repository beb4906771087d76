import { z } from "zod"

/** Who a mail is from: `ana@example.com`, or `Ana <ana@example.com>`. */
export const mailbox = z
  .string()
  .trim()
  .regex(/^(?:[^<>\r\n]+<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/, {
    error: "an address, or Name <address>",
  })
