import { z } from "zod"
import { moment } from "../lib/moment.ts"

const time = moment.optional()

const exactly = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\0]*$/, { error: "a text without NUL characters" })
  .optional()

/** Which entries of the audit log. */
export const auditQuery = z.strictObject({
  actor: exactly.describe("who: `admin`, `user:7`, `key:3 (shop)`"),
  action: exactly.describe("what: `run.cancel`, `key.create`, …"),
  target: exactly.describe("to what: `key:3`, `email`, or the path of the call"),
  requestId: exactly.describe("of which call"),
  from: time.describe("not before"),
  to: time.describe("before"),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe("how many, latest first"),
  before: z.coerce.number().int().positive().optional().describe("the `next` of the page before"),
})

/** An entry as it is told. */
export const toldEntry = z.object({
  id: z.int(),
  phase: z.enum(["asked", "done"]),
  actor: z.string(),
  keyId: z.int().nullable(),
  address: z.string().nullable(),
  requestId: z.string().nullable(),
  action: z.string(),
  target: z.string(),
  status: z.int().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  createdAt: z.iso.datetime(),
})
