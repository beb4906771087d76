import { z } from "zod"
import { type FailedProduct, failedProducts } from "../db/price-sync-products.ts"
import type { PriceSync } from "../db/price-syncs.ts"
import { priceSync } from "../lib/jobs/price-sync.ts"
import { runStatus } from "../lib/runs.ts"

const failure = z.object({ productId: z.int(), produto: z.string(), erro: z.string() })

/** A price sync as its routes tell it. */
export const toldSync = z.object({
  jobId: z.string(),
  marketId: z.int().nullable(),
  status: z.enum(["running", "completed", "degraded", "failed", "cancelled"]),
  stage: z.string(),
  produtosTotal: z.int(),
  ...priceSync.result.omit({ status: true, motivo: true }).shape,
  tempoTotalSegundos: z.number().nullable(),
  motivo: z.string().nullable(),
  erros: z.array(failure).describe("the products that Nota Paraná gave no answer for, with why"),
  startedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().nullable(),
})

/** The status of a sync's run. */
export const toldStatus = z.object({
  ...runStatus.omit({ queue: true, name: true, attemptsMade: true }).shape,
  progress: z.number().describe("percent"),
  data: priceSync.payload,
  returnValue: priceSync.result.nullable(),
  erros: toldSync.shape.erros,
})

/** Syncs with what has failed in them. */
export async function tellSyncs(syncs: PriceSync[]): Promise<z.output<typeof toldSync>[]> {
  const failed = await failedProducts(syncs.map(({ id }) => id))
  return syncs.map((sync) =>
    tell(
      sync,
      failed.filter(({ syncId }) => syncId === sync.id),
    ),
  )
}

const tell = (sync: PriceSync, failed: FailedProduct[]) => ({
  jobId: sync.runId,
  marketId: sync.marketId,
  status: sync.status,
  stage: sync.stage,
  mercadosProcessados: sync.markets,
  produtosTotal: sync.products,
  produtosProcessados: sync.asked,
  precosRegistrados: sync.registered,
  precosIgnorados: sync.ignored,
  produtosNaoEncontrados: sync.notFound,
  tempoTotalSegundos: sync.finishedAt && secondsBetween(sync.startedAt, sync.finishedAt),
  motivo: sync.error,
  erros: failed.map(({ productId, name, error }) => ({ productId, produto: name, erro: error })),
  startedAt: sync.startedAt.toISOString(),
  completedAt: sync.finishedAt?.toISOString() ?? null,
})

const secondsBetween = (start: Date, end: Date) => Math.round((end.getTime() - start.getTime()) / 100) / 10
