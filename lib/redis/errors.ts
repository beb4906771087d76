import { codeOf, NETWORK_CODES } from "../network.ts"

/** Answers of a Redis that is there but cannot do it now, and may soon: by the word they begin with. */
const FOR_NOW =
  /^(?:LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF|BUSY|OOM|UNBLOCKED)\b/

const NAMES = new Set(["TimeoutError", "MaxRetriesPerRequestError", "ClusterAllFailedError", "AbortError"])
const WORDS =
  /Connection is closed|isn't writeable|Cluster isn't ready|Failed to refresh slots|Command timed out|Socket timeout/

/** Whether something failed because Redis was away or could not do it for now, and not for what was asked. */
export const isRedisAway = (error: unknown): boolean =>
  error instanceof Error &&
  (NAMES.has(error.name) ||
    NETWORK_CODES.has(codeOf(error)) ||
    codeOf(error).startsWith("ECONN") ||
    WORDS.test(error.message) ||
    FOR_NOW.test(error.message))

/** Whether BullMQ did not take what a worker said of a run, since the run was no longer its own. */
export const isLockLost = (error: Error) =>
  /^(?:could not renew lock for job|(?:Missing lock|Lock mismatch|Missing key) for job|Job \S+ is not in the active state)/.test(
    error.message,
  )
