import { closePool } from "../db/pool.ts"
import { createLedger } from "../worker/ledger/ledger.ts"
import type { Observer } from "../worker/observer.ts"
import { reporter } from "../worker/report.ts"
import { startWorkers } from "../worker/workers.ts"
import { job, perform } from "./work.ts"

const ledger = createLedger()

/** Who keeps account of runs, as in worker/main.ts. */
const observers: Observer[] = [ledger.observer, reporter]

const runs = Number(process.argv[2])
let done = 0
const counting: Observer = {
  ended({ outcome }) {
    if (outcome !== "completed") throw new Error(`A run is ${outcome}`)
    if (++done === runs) finish()
  },
}

const began = performance.now()
const workers = startWorkers([{ job, processor: perform }], { observers: [...observers, counting] })

function finish() {
  process.send!(runs / ((performance.now() - began) / 1_000))
  void end()
}

async function end() {
  await workers.stop(1)
  await ledger.close(5_000)
  await closePool()
  process.exit(0)
}
