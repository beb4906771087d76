import { priceSync } from "../../lib/jobs/price-sync.ts"
import { queueClient } from "../../lib/queues.ts"
import { notaParana } from "../price-sync/nota-parana.ts"
import { syncPrices } from "../price-sync/sync.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(priceSync, (payload, run) =>
  syncPrices(payload, run, notaParana(queueClient()).searchProducts),
)
