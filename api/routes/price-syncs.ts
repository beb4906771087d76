import { Elysia } from "elysia"
import { findSync, listSyncs } from "../../db/price-syncs.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { priceSync } from "../../lib/jobs/price-sync.ts"
import { allow } from "../access/allow.ts"
import { actorOf, describeChange } from "../access/principal.ts"
import { cancelAnywhere } from "../cancel.ts"
import {
  documentSyncCancel,
  documentSyncHistory,
  documentSyncLatest,
  documentSyncStart,
  documentSyncStatus,
} from "../documentation/price-syncs.ts"
import { HttpError } from "../errors.ts"
import { outbox } from "../outbox.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import { tellSyncs } from "../price-syncs.ts"
import { cancelRequest, historyQuery } from "../requests.ts"
import { codeOf, lookUpRun } from "../runs.ts"

const AWAY = "PostgreSQL, which knows the price syncs, does not answer: try again in a moment"

const queue = priceSync.name

/** Price syncs, in the words of their specification. */
export const priceSyncRoutes = new Elysia({ prefix: "/api/admin/sync-precos" })
  .post(
    "/start",
    ({ body, request, status }) =>
      start(body, actorOf(request)).then((started) => status(codeOf(started), started)),
    allow("enqueue", documentSyncStart(), { queue }),
  )
  .get("/status/:jobId", ({ params }) => show(params.jobId), allow("read", documentSyncStatus(), { queue }))
  .post(
    "/cancel/:jobId",
    ({ params, body, request, status }) =>
      cancel(params.jobId, body, request).then(({ code, ...answer }) => status(code, answer)),
    allow("operate", documentSyncCancel(), { action: "run.cancel", queue }),
  )
  .get("/history", ({ query }) => history(query), allow("read", documentSyncHistory(), { queue }))
  .get("/latest", latest, allow("read", documentSyncLatest(), { queue }))

async function start(body: unknown, askedBy: string) {
  const run = await enqueue(
    priceSync,
    (body ?? {}) as never,
    {},
    { name: "start-full-sync", askedBy, outbox },
  )
  return { message: "Sincronização iniciada.", jobId: run.id, status: run.status }
}

async function show(jobId: string) {
  const run = await lookUpRun(priceSync, jobId)
  if (!run) throw new HttpError(404, "Job não encontrado")
  const { queue, name, attemptsMade, progress, ...told } = run
  return { ...told, progress: Math.round(progress.percentage), erros: await errorsOf(jobId) }
}

async function errorsOf(jobId: string) {
  const [sync] = await fromPostgres(
    findSync(jobId).then((sync) => tellSyncs(sync ? [sync] : [])),
    AWAY,
  )
  return sync?.erros ?? []
}

const CANCELLED = {
  cancelled: { code: 200, success: true, message: "Sincronização cancelada.", status: "cancelled" },
  cancelling: { code: 202, success: true, message: "Cancelamento solicitado.", status: "cancelling" },
} as const

async function cancel(jobId: string, body: unknown, request: Request) {
  const { reason } = parse(cancelRequest, body ?? {})
  const found = await cancelAnywhere(priceSync, jobId, { actor: actorOf(request), reason })
  if (found === "ended")
    throw new HttpError(400, "Apenas sincronizações pendentes ou em execução podem ser canceladas")
  if (!found) throw new HttpError(404, "Job não encontrado")
  describeChange(request, { target: `${queue}/${jobId}`, after: { status: found, reason } })
  return { ...CANCELLED[found], jobId }
}

async function history(query: unknown) {
  const { limit, before } = parse(historyQuery, query)
  // One more than asked for tells whether there is a next page.
  const syncs = await fromPostgres(listSyncs(limit + 1, before ?? null), AWAY)
  const page = syncs.slice(0, limit)
  return {
    history: await fromPostgres(tellSyncs(page), AWAY),
    next: syncs.length > limit ? page.at(-1)!.id : null,
  }
}

async function latest() {
  const [sync] = await fromPostgres(listSyncs(1).then(tellSyncs), AWAY)
  if (!sync) throw new HttpError(404, "Nenhuma sincronização encontrada")
  return sync
}
