import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { auditQuery, toldEntry } from "../audit.ts"
import { errors, inQuery, json } from "./parts.ts"

/** The reference's page on the audit log. */
export const documentAudit = (): DocumentDecoration => ({
  tags: ["audit"],
  summary: "Who has changed what: each change that was asked for, and what came of it",
  operationId: "audit-log",
  parameters: inQuery(auditQuery),
  responses: {
    200: {
      description: "A page of entries, the latest first; `next` is null on the last",
      content: json(z.object({ entries: z.array(toldEntry), next: z.int().nullable() }), "output"),
    },
    ...errors({
      400: "No such page",
      503: "PostgreSQL does not answer",
    }),
  },
})
