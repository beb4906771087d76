import { Elysia } from "elysia"
import { findExport, listExports } from "../../db/exports/requests.ts"
import { exportLink } from "../../lib/exports/link.ts"
import { dataExport } from "../../lib/jobs/export.ts"
import { allow } from "../access/allow.ts"
import { describeChange } from "../access/principal.ts"
import { documentExport, documentExportLink, documentExports } from "../documentation/exports.ts"
import { HttpError } from "../errors.ts"
import { tellExport } from "../exports.ts"
import { isId } from "../ids.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import { historyQuery } from "../requests.ts"

const AWAY = "PostgreSQL, which knows the exports, does not answer: try again in a moment"

const queue = dataExport.name

/** Exports that have been asked for, and links to those that went to nobody by mail. */
export const exportRoutes = new Elysia({ prefix: "/api/admin/exports" })
  .get("", ({ query }) => list(query), allow("admin", documentExports(), { queue }))
  .get("/:id", ({ params }) => there(params.id).then(tellExport), allow("admin", documentExport(), { queue }))
  .post(
    "/:id/link",
    ({ params, request }) => link(params.id, request),
    allow("admin", documentExportLink(), { action: "export.link", queue }),
  )

async function list(query: unknown) {
  const { limit, before } = parse(historyQuery, query)
  // One more than asked for tells whether there is a next page.
  const exports = await fromPostgres(listExports(limit + 1, before ?? null), AWAY)
  const page = exports.slice(0, limit)
  return { exports: page.map(tellExport), next: exports.length > limit ? page.at(-1)!.id : null }
}

async function there(id: string) {
  const found = isId(id) ? await fromPostgres(findExport(Number(id)), AWAY) : undefined
  if (!found) throw new HttpError(404, `No export ${id.slice(0, 100)}`)
  return found
}

async function link(id: string, request: Request) {
  const found = await there(id)
  describeChange(request, { target: `export:${found.id}` })
  if (found.email !== null)
    throw new HttpError(403, `Forbidden: the link to export ${found.id} was mailed, and is for nobody else`)
  if (found.status !== "completed")
    throw new HttpError(409, `Export ${found.id} is ${found.status}: there is a link while it is completed`)
  return { downloadUrl: exportLink(found), expiresAt: found.expiresAt!.toISOString() }
}
