/** Runs that are done before the clock starts: connections are made, and the code is compiled. */
const WARM_UP = 20_000

/** Call once for every run that has ended; `tell` gets the runs per second once so many have. */
export function createClock(runs: number, tell: (rate: number) => void) {
  if (runs <= WARM_UP) throw new RangeError(`Ask for more than ${WARM_UP} runs: so many warm the worker up`)
  let done = 0
  let began = 0
  return () => {
    done++
    if (done === WARM_UP) began = performance.now()
    if (done === runs) tell((runs - WARM_UP) / ((performance.now() - began) / 1_000))
  }
}
