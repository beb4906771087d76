import { type Fleet, startFleet } from "./fleet.ts"
import { createRandom } from "./random.ts"

interface Drill<Became> {
  workers: number
  kills: number
  seed: number
  /** Settings of the workers. */
  env?: Record<string, string>
  /** Resolves when workers are in the middle of something. */
  moment(kill: number, random: () => number): Promise<unknown>
  /** Milliseconds until the kill, at most. */
  spread: number
  /** Done while the worker that was killed is dead. */
  dead?(kill: number, random: () => number): unknown
  /** Told after each kill. */
  onKill?: ((kill: number) => unknown) | undefined
  /** What has become of it all, once the killing is over and the workers are up. */
  became(fleet: Fleet): Promise<Became>
}

/** Have workers work, and kill one of them after the other at random points of that; the same seed has the same points. */
export async function drill<Became>(plan: Drill<Became>): Promise<Became> {
  const { workers, kills, seed, env, moment, spread, dead, onKill, became } = plan
  const random = createRandom(seed)
  const fleet = await startFleet(workers, env)
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await moment(kill, random)
      await Bun.sleep(random() * spread)
      await fleet.replace(Math.floor(random() * workers), () => dead?.(kill, random))
      await onKill?.(kill)
    }
    await fleet.up()
    return await became(fleet)
  } finally {
    await fleet.stop()
  }
}
