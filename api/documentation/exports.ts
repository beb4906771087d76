import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { dataExport } from "../../lib/jobs/export.ts"
import { toldExport } from "../exports.ts"
import { historyQuery } from "../requests.ts"
import { errors, inPath, inQuery, json } from "./parts.ts"

const tags = [dataExport.name]

/** The reference's page on exports. */
export const documentExports = (): DocumentDecoration => ({
  tags,
  summary: "Exports that have begun, the latest first",
  operationId: "list-exports",
  parameters: inQuery(historyQuery),
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(z.object({ exports: z.array(toldExport), next: z.int().nullable() }), "output"),
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
    200: { description: "The export", content: json(toldExport, "output") },
    ...errors({ 404: "No such export", 503: "PostgreSQL does not answer" }),
  },
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
      content: json(z.object({ downloadUrl: z.url(), expiresAt: z.iso.datetime() }), "output"),
    },
    ...errors({
      403: "Not for this key or user, or the link was mailed to whom it is for",
      404: "No such export",
      409: "There is no file, or no longer",
      503: "PostgreSQL does not answer",
    }),
  },
})
