import { tellOutages } from "../outages.ts"
import { keepRounds, type Rest } from "../rounds.ts"
import { LOOK_AGAIN, planMailings } from "./plan.ts"

/** Ask for the chunks of mailings, each when it is due, until stopped: any number of workers may. */
export function keepMailings() {
  const outages = tellOutages({
    part: "Mailings",
    waits: "Mailings wait",
    goesOn: "Mailings go on",
    fails: "Mailings cannot go on",
  })

  const round = async (): Promise<Rest> => {
    try {
      const rest = await planMailings()
      outages.over()
      return Math.min(LOOK_AGAIN, Math.ceil(rest))
    } catch (error) {
      return outages.note(error)
    }
  }
  const rounds = keepRounds(round)
  return {
    /** There may be something new to do. */
    wake: rounds.wake,
    /** Resolves when nothing is under way, or within seconds: what was not committed then is asked for by another. */
    stop: () => rounds.stop(),
  }
}
