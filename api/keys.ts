import { z } from "zod"
import { jobOf, queueAliases } from "../lib/jobs/index.ts"
import { moment } from "../lib/moment.ts"
import { scopes } from "../lib/scopes.ts"

/** What is said of a new key. */
export const keyRequest = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N} ._/-]{1,60}$/u, { error: "1 to 60 letters, digits, spaces and . _ / -" })
    .describe("what it is for: the ledger and the audit log tell it"),
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .transform((asked) => [...new Set(asked)])
    .describe("what it may do: ask for runs, look, control what runs, everything"),
  queues: z
    .array(z.enum(queueAliases))
    .min(1)
    .transform((asked) => [...new Set(asked.map((queue) => jobOf(queue).name as string))])
    .optional()
    .describe("the queues it is limited to; all when not given"),
  expiresAt: moment
    .refine((time) => time.getTime() > Date.now(), { error: "a time to come" })
    .optional()
    .describe("when it ends by itself; never when not given"),
})

const time = z.iso.datetime()

/** A key as it is told. */
export const toldKey = z.object({
  id: z.int(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  queues: z.array(z.string()).nullable(),
  createdBy: z.string(),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable().describe("within some seconds"),
  revokedAt: time.nullable(),
  revokedBy: z.string().nullable(),
})
