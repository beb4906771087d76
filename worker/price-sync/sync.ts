import { isDatabaseAway } from "../../db/errors.ts"
import { beginSync, endSync, findSync, type PriceSync, type SyncEnd, setStage } from "../../db/price-syncs.ts"
import { productsToAsk, type WantedProduct } from "../../db/products.ts"
import { PermanentError, RedisUnavailable, RetryLater, RunCancelled } from "../../lib/errors.ts"
import type { JobNamed, JobResult } from "../../lib/jobs/index.ts"
import type { Run } from "../run.ts"
import type { SearchProducts } from "./ask.ts"
import { collect, LANES } from "./collect.ts"
import { nameOf } from "./places.ts"
import { type PriceSyncPayload, planAreas } from "./plan.ts"

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
  const sync = await beginSync(run.id, { ...payload, places: nameOf(areas) })
  try {
    checkProducts(payload, sync, run)
    const products = await productsToAsk(sync.id, payload.productIds)
    const onDone = await sayProgress(sync, products.length, run)
    const reason = await collect(
      { sync, products, areas, force: payload.forceUpdate, searchProducts, onDone },
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

/** Throws PermanentError when none of the products that were named can be asked for; that some cannot is said. */
function checkProducts({ productIds }: PriceSyncPayload, { products }: PriceSync, run: Run) {
  const named = new Set(productIds).size
  const lacking = named - products
  if (!productIds || lacking <= 0) return
  if (products === 0)
    throw new PermanentError("None of the products that were named is active and has a barcode")
  run.log(`${lacking} of the ${named} products that were named are not active, or have no barcode`)
}

/**
 * Says how far a sync is, to its run, and by stages in its row; what earlier tries have done counts. At the end only answers
 * are left, to be stored.
 */
async function sayProgress({ id, asked, failed }: PriceSync, toAsk: number, run: Run) {
  const all = asked - failed + toAsk
  let known: string | undefined
  const say = async (stage: string, left: number, message: string) => {
    run.progress({ percentage: Math.floor(5 + (90 * (all - left)) / Math.max(1, all)), stage, message })
    if (stage !== known) await setStage(id, stage)
    known = stage
  }
  await say("collecting", toAsk, `${toAsk} products to ask for`)
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
