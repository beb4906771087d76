import { startService } from "../service.ts"

/** Locks and looks for what was left behind, short enough for a drill; a run may be left behind as often as it takes. */
const HASTY = { LOCK_DURATION: "1000", STALLED_INTERVAL: "1000", MAX_STALLED_COUNT: "1000000" }

/** Workers that can be killed, and are soon missed. */
export async function startFleet(size: number, env: Record<string, string> = {}) {
  const start = () => startService([process.execPath, "worker/main.ts"], { ...HASTY, ...env })
  const startAll = () => Promise.all(Array.from({ length: size }, start))
  let workers = await startAll()
  const stop = () => Promise.all(workers.map((worker) => worker.stop()))
  return {
    /** Kill a worker, and start another in its place once it is dead and `act` is done. */
    async replace(index: number, act: () => unknown = () => {}) {
      workers[index]!.signal("SIGKILL")
      await workers[index]!.ended
      await act()
      workers[index] = await start()
    },
    /** Ask all of them to end, and start others in their place once they have and `act` is done. */
    async renew(act: () => unknown) {
      await stop()
      await act()
      workers = await startAll()
    },
    up: () => Promise.all(workers.map((worker) => worker.up())),
    stop,
  }
}

export type Fleet = Awaited<ReturnType<typeof startFleet>>
