import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { priceSync } from "../../lib/jobs/price-sync.ts"
import { like } from "../../lib/like.ts"
import { toldStatus, toldSync } from "../price-syncs.ts"
import { cancelRequest, historyQuery } from "../requests.ts"
import { errors, UNCONFIRMED } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { refusedPayload } from "./jobs.ts"
import { json } from "./json.ts"
import { done, IS_KEPT, inPath, inQuery, next, runId } from "./parts.ts"
import { completedRun } from "./run.ts"

const tags = [priceSync.name]

const started = (status: "enqueued" | "accepted") =>
  z.object({
    message: z.literal("Sincronização iniciada."),
    jobId: z.uuid(),
    status: like(z.enum(["enqueued", "accepted"]), status),
  })

const cancelled = (status: "cancelled" | "cancelling", message: string) =>
  done(message).extend({ status: z.literal(status), jobId: runId })

const unknown = ["No such sync", "Job não encontrado"] as const

const errorsInIt = [
  { productId: 31, produto: "Arroz Tio João 5 kg", erro: "Nota Paraná answered with HTTP 500" },
]

const sync = like(toldSync, {
  ...{ jobId: RUN_ID, marketId: null, status: "completed", stage: "completed", produtosTotal: 128 },
  ...{ mercadosProcessados: 4, produtosProcessados: 128, precosRegistrados: 1_734, precosIgnorados: 212 },
  ...{ produtosNaoEncontrados: 6, tempoTotalSegundos: 1_512.4, motivo: null, erros: errorsInIt },
  ...{ startedAt: "2026-02-10T12:00:00.000Z", completedAt: "2026-02-10T12:25:12.400Z" },
})

const status = () => {
  const { queue, name, attemptsMade, progress, ...told } = completedRun(priceSync)
  return like(toldStatus, { ...told, progress: 100, erros: errorsInIt } as z.output<typeof toldStatus>)
}

/** The reference's page on starting a price sync. */
export const documentSyncStart = (): DocumentDecoration => ({
  tags,
  summary: "Start a price sync",
  operationId: "start-price-sync",
  requestBody: { required: false, content: json(priceSync.payload, "input", priceSync.example) },
  responses: {
    200: { description: "It is queued", content: json(started("enqueued"), "output") },
    202: { description: IS_KEPT, content: json(started("accepted"), "output") },
    ...errors({
      400: ["The body is not what a price sync takes", refusedPayload(priceSync as never)],
      503: ["Neither Redis nor PostgreSQL confirmed the run", UNCONFIRMED],
    }),
  },
})

/** The reference's page on how far a price sync is. */
export const documentSyncStatus = (): DocumentDecoration => ({
  tags,
  summary: "How far a price sync is, and what came of it",
  operationId: "price-sync-status",
  parameters: [inPath("jobId")],
  responses: {
    200: { description: "The run; `status` is its own", content: json(status, "output") },
    ...errors({ 404: unknown, 503: "Redis or PostgreSQL does not answer" }),
  },
})

/** The reference's page on cancelling a price sync. */
export const documentSyncCancel = (): DocumentDecoration => ({
  tags,
  summary: "Cancel a price sync; what it has stored stays",
  operationId: "cancel-sync-precos",
  parameters: [inPath("jobId")],
  requestBody: { required: false, content: json(cancelRequest, "input", { reason: "Asked for by mistake" }) },
  responses: {
    200: {
      description: "It is cancelled",
      content: json(cancelled("cancelled", "Sincronização cancelada."), "output"),
    },
    202: {
      description: "Its worker has been told",
      content: json(cancelled("cancelling", "Cancelamento solicitado."), "output"),
    },
    ...errors({
      400: [
        "It has ended already, or the body is not what is asked for",
        "Apenas sincronizações pendentes ou em execução podem ser canceladas",
      ],
      404: unknown,
      503: "Redis or PostgreSQL does not answer",
    }),
  },
})

/** The reference's page on past price syncs. */
export const documentSyncHistory = (): DocumentDecoration => ({
  tags,
  summary: "Price syncs that have begun, the latest first",
  operationId: "price-sync-history",
  parameters: inQuery(historyQuery),
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(z.object({ history: z.array(sync), next }), "output"),
    },
    ...errors({ 400: "No such page", 503: "PostgreSQL does not answer" }),
  },
})

/** The reference's page on the latest price sync. */
export const documentSyncLatest = (): DocumentDecoration => ({
  tags,
  summary: "The price sync that has begun last",
  operationId: "latest-price-sync",
  responses: {
    200: { description: "The sync", content: json(sync, "output") },
    ...errors({
      404: ["There has been none", "Nenhuma sincronização encontrada"],
      503: "PostgreSQL does not answer",
    }),
  },
})
