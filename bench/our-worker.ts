import { closePool } from "../db/pool.ts"
import { createCheckIns } from "../worker/check-ins.ts"
import { createLedger } from "../worker/ledger/ledger.ts"
import { createRunMetrics } from "../worker/metrics/runs.ts"
import type { Observer } from "../worker/observer.ts"
import { reporter } from "../worker/report.ts"
import { startWorkers } from "../worker/workers.ts"
import { createClock } from "./clock.ts"
import { job, perform } from "./work.ts"

const ledger = createLedger()

/** Who keeps account of runs, as in worker/main.ts. */
const observers: Observer[] = [ledger.observer, reporter, createCheckIns(), createRunMetrics().observer]

const tick = createClock(Number(process.argv[2]), (rate) => {
  process.send!(rate)
  void end()
})
const counting: Observer = {
  ended({ outcome }) {
    if (outcome !== "completed") throw new Error(`A run is ${outcome}`)
    tick()
  },
}
const workers = startWorkers([{ job, processor: perform }], { observers: [...observers, counting] })

async function end() {
  await workers.stop(1)
  await ledger.close(5_000)
  await closePool()
  process.exit(0)
}
