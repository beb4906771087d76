import { isDatabaseAway } from "../../db/errors.ts"
import { ensurePartitions } from "../../db/price-partitions.ts"
import { beginSync, endSync, findSync, type PriceSync, type SyncEnd, setStage } from "../../db/price-syncs.ts"
import { productsToAsk, type WantedProduct } from "../../db/products.ts"
import { PermanentError, RedisUnavailable, RetryLater, RunCancelled } from "../../lib/errors.ts"
import type { JobNamed, JobResult } from "../../lib/jobs/index.ts"
import type { Run } from "../run.ts"
import type { SearchProducts } from "./ask.ts"
import { collect, LANES } from "./collect.ts"
import { nameOf } from "./places.ts"
import { type PriceSyncPayload, planAreas } from "./plan.ts"

/** Months ahead for which there are partitions of prices: made at leisure, not by the first price of a month. */
const MONTHS_AHEAD = 3

/** Milliseconds a sync waits for Redis. */
const REDIS_WAIT = 5_000

/**
 * Ask Nota Paraná for the prices of every product, or of some, and store them. Taken up again by another try of its run, it
 * goes on with the products that were not answered. It ends degraded, with the reason, when nothing more may be asked.
 */
export async function syncPrices(
  payload: PriceSyncPayload,
  run: Run,
  searchProducts: SearchProducts,
): Promise<JobResult<JobNamed<"price-sync">>> {
  const areas = await planAreas(payload)
  await ensurePartitions(MONTHS_AHEAD)
  const sync = await beginSync(run.id, { ...payload, places: nameOf(areas) })
  try {
    const products = await productsToAsk(sync.id, payload.productIds)
    await setStage(sync.id, "collecting")
    const reason = await collect(
      {
        sync,
        products,
        areas,
        force: payload.forceUpdate,
        searchProducts,
        onDone: sayProgress(sync, products.length, run),
      },
      run,
    )
    if (reason === undefined) await setStage(sync.id, "completed")
    run.progress({ percentage: 100, stage: "completed", message: reason ?? "All prices are stored" })
    await endSync(sync.id, reason === undefined ? "completed" : "degraded", reason)
    return resultOf((await findSync(run.id))!)
  } catch (error) {
    await endWith(error, sync, run)
    throw error instanceof RedisUnavailable ? new RetryLater(REDIS_WAIT, error.message) : error
  }
}

/** Says how far a sync is; what earlier tries have done counts. At the end only answers are left, to be stored. */
function sayProgress({ asked, failed }: PriceSync, toAsk: number, run: Run) {
  const all = asked - failed + toAsk
  const say = (stage: string, left: number, message: string) =>
    run.progress({ percentage: Math.floor(5 + (90 * (all - left)) / Math.max(1, all)), stage, message })
  say("collecting", toAsk, `${toAsk} products to ask for`)
  return ({ name }: WantedProduct, left: number) =>
    say(left < LANES ? "importing" : "collecting", left, `${name}; ${left} of ${all} products are left`)
}

const resultOf = (sync: PriceSync): JobResult<JobNamed<"price-sync">> => ({
  status: sync.status === "degraded" ? "degraded" : "completed",
  mercadosProcessados: sync.markets,
  produtosProcessados: sync.asked,
  precosRegistrados: sync.registered,
  precosIgnorados: sync.ignored,
  produtosNaoEncontrados: sync.notFound,
  tempoTotalSegundos: Math.round((sync.finishedAt!.getTime() - sync.startedAt.getTime()) / 100) / 10,
  ...(sync.error === null ? {} : { motivo: sync.error }),
})

/** End a sync as its run does. That it cannot be noted is outweighed by what the run ends with. */
async function endWith(error: unknown, sync: PriceSync, run: Run) {
  const end = endOf(error, run.signal)
  if (!end) return
  const { message } = run.signal.aborted ? run.signal.reason : (error as Error)
  await endSync(sync.id, end, message).catch((unnoted: Error) =>
    run.log(`How the sync has ended could not be noted: ${unnoted.message}`),
  )
}

/** Undefined for a sync that will be taken up again: by another worker, or when what is away is back. */
function endOf(error: unknown, { aborted, reason }: AbortSignal): SyncEnd | undefined {
  if (aborted && reason instanceof RunCancelled) return "cancelled"
  if (aborted) return reason instanceof PermanentError ? "failed" : undefined
  return error instanceof RedisUnavailable || isDatabaseAway(error) ? undefined : "failed"
}
