import { sidePool } from "../../db/pool.ts"
import { ensurePartitions } from "../../db/price-partitions.ts"
import { keepDoing } from "../keep-doing.ts"

/** Months ahead for which there are partitions of prices: made at leisure, not by the first price of a month. */
const MONTHS_AHEAD = 3

const DAY = 24 * 3_600_000

const what = {
  source: "Prices",
  waits: "The months to come wait for their partitions of prices",
  done: "The months to come have their partitions of prices",
}

/** Have partitions of prices made ahead, at once and every day until stopped, whether or not there are prices to store. */
export const keepPartitions = (every = DAY) =>
  keepDoing(() => ensurePartitions(MONTHS_AHEAD, sidePool()), what, every)
