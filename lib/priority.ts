import { z } from "zod"

const NAMED = { high: 1, normal: 5, low: 10 } as const

/** A run that asks for nothing else. */
export const NORMAL_PRIORITY: RunPriority = NAMED.normal

/** One that delays nobody: what is meant for many. */
export const LOW_PRIORITY: RunPriority = NAMED.low

/** 1 to 10, lower first; or `high` (1), `normal` (5), `low` (10). */
export const priority = z.union(
  [z.int().min(1).max(10), z.enum(["high", "normal", "low"]).transform((name) => NAMED[name])],
  { error: "a whole number from 1 (first) to 10 (last), or high, normal, low" },
)

export type RunPriority = z.output<typeof priority>
