import { warnOfRedis } from "../lib/redis/warnings.ts"
import type { Observer } from "../worker/observer.ts"
import { startWorkers } from "../worker/workers.ts"
import { job, perform } from "./work.ts"

/** Whoever keeps account of runs in production belongs here, as in worker/main.ts. */
const accounts: Observer[] = []

const runs = Number(process.argv[2])
let done = 0
const counting: Observer = {
  ended({ outcome }) {
    if (outcome !== "completed") throw new Error(`A run is ${outcome}`)
    if (++done === runs) finish()
  },
}

const began = performance.now()
const workers = startWorkers([{ job, processor: perform }], { observers: [...accounts, counting] })
void warnOfRedis(workers.connection)

function finish() {
  process.send!(runs / ((performance.now() - began) / 1_000))
  void workers.stop(1).then(() => process.exit(0))
}
