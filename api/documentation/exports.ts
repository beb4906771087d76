import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { dataExport } from "../../lib/jobs/export.ts"
import { like } from "../../lib/like.ts"
import { toldExport } from "../exports.ts"
import { historyQuery } from "../requests.ts"
import { errors } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { json } from "./json.ts"
import { inPath, inQuery, next } from "./parts.ts"

const tags = [dataExport.name]

const kept = like(toldExport, {
  ...{ id: 12, jobId: RUN_ID, content: "tables", status: "completed", agencyId: 1, requestedBy: 7 },
  ...{ subjectType: null, subjectId: null, mailed: false, format: "csv", files: 2, rows: 48_210 },
  fileSize: 3_914_552,
  sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  ...{ downloads: 1, error: null, requestedAt: "2026-02-10T12:00:00.000Z", deadlineAt: null },
  ...{ completedAt: "2026-02-10T12:00:41.000Z", expiresAt: "2026-02-17T12:00:41.000Z" },
})

const unknown = ["No such export", "No export 12"] as const

/** The reference's page on exports. */
export const documentExports = (): DocumentDecoration => ({
  tags,
  summary: "Exports that have begun, the latest first",
  operationId: "list-exports",
  parameters: inQuery(historyQuery),
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(z.object({ exports: z.array(kept), next }), "output"),
    },
    ...errors({ 400: "No such page", 503: "PostgreSQL does not answer" }),
  },
})

/** The reference's page on one export. */
export const documentExport = (): DocumentDecoration => ({
  tags,
  summary: "What became of an export",
  operationId: "show-export",
  parameters: [inPath("id")],
  responses: {
    200: { description: "The export", content: json(kept, "output") },
    ...errors({ 404: unknown, 503: "PostgreSQL does not answer" }),
  },
})

const link = like(z.object({ downloadUrl: z.url(), expiresAt: z.iso.datetime() }), {
  downloadUrl: "https://api.example.com/files/eyJrIjoiZXhwb3J0cyJ9.c2lnbmF0dXJl",
  expiresAt: "2026-02-17T12:00:41.000Z",
})

/** The reference's page on the link to an export. */
export const documentExportLink = (): DocumentDecoration => ({
  tags,
  summary: "The link to the file of an export of tables that was mailed to nobody",
  operationId: "link-export",
  parameters: [inPath("id")],
  responses: {
    200: {
      description: "It leads to the file until it expires; each download is counted",
      content: json(link, "output"),
    },
    ...errors({
      403: "Not for this key or user, or the link was mailed to whom it is for",
      404: unknown,
      409: ["There is no file, or no longer", "Export 12 is expired: there is a link while it is completed"],
      503: "PostgreSQL does not answer",
    }),
  },
})
