import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { like } from "../../lib/like.ts"
import { auditQuery, toldEntry } from "../audit.ts"
import { errors } from "./errors.ts"
import { json } from "./json.ts"
import { inQuery, next } from "./parts.ts"

const entry = like(toldEntry, {
  ...{ id: 12, phase: "done", actor: "user:7", keyId: null, address: "203.0.113.7" },
  ...{
    requestId: "5f0c1c1e-8a9b-4a53-9a55-0d1b7e6a2f10",
    action: "queue.pause",
    target: "email",
    status: 200,
  },
  ...{ before: { paused: false }, after: { paused: true }, createdAt: "2026-02-10T12:00:00.000Z" },
})

/** The reference's page on the audit log. */
export const documentAudit = (): DocumentDecoration => ({
  tags: ["audit"],
  summary: "Who has changed what: each change that was asked for, and what came of it",
  operationId: "audit-log",
  parameters: inQuery(auditQuery),
  responses: {
    200: {
      description: "A page of entries, the latest first; `next` is null on the last",
      content: json(z.object({ entries: z.array(entry), next }), "output"),
    },
    ...errors({
      400: "No such page",
      503: "PostgreSQL does not answer",
    }),
  },
})
