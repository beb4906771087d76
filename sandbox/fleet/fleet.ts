import { startService } from "../service.ts"

/** Locks and looks for what was left behind, short enough for a drill; a run may be left behind as often as it takes. */
const HASTY = { LOCK_DURATION: "1000", STALLED_INTERVAL: "1000", MAX_STALLED_COUNT: "1000000" }

/** Workers that can be killed, and are soon missed. */
export async function startFleet(size: number) {
  const start = () => startService([process.execPath, "worker/main.ts"], HASTY)
  const workers = await Promise.all(Array.from({ length: size }, start))
  return {
    /** Kill a worker, and start another in its place once it is dead and `act` is done. */
    async replace(index: number, act = () => {}) {
      workers[index]!.signal("SIGKILL")
      await workers[index]!.ended
      act()
      workers[index] = await start()
    },
    up: () => Promise.all(workers.map((worker) => worker.up())),
    stop: () => Promise.all(workers.map((worker) => worker.stop())),
  }
}
