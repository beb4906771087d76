import { sidePool } from "../../db/pool.ts"
import { ensurePartitions } from "../../db/price-partitions.ts"
import { insist } from "../insist.ts"
import { pause } from "../pause.ts"

/** Months ahead for which there are partitions of prices: made at leisure, not by the first price of a month. */
const MONTHS_AHEAD = 3

const DAY = 24 * 3_600_000

/** Milliseconds that making them may take at the end; what has not been made then is made at the next start. */
const TO_STOP = 2_000

const what = {
  source: "Prices",
  waits: "The months to come wait for their partitions of prices",
  done: "The months to come have their partitions of prices",
}

/** Have partitions of prices made ahead, at once and every day until stopped, whether or not there are prices to store. */
export function keepPartitions(every = DAY) {
  const stopping = new AbortController()
  const { signal } = stopping
  const keep = async () => {
    do await insist(() => ensurePartitions(MONTHS_AHEAD, sidePool()), what, signal)
    while (await pause(every, signal))
  }
  const kept = keep()
  return {
    async stop() {
      stopping.abort()
      await Promise.race([kept, pause(TO_STOP)])
    },
  }
}
