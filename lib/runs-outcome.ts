/** Where BullMQ keeps runs that have ended. */
export type EndState = "completed" | "failed"

/** How a run that did not complete has ended, as told by the sentence it ended with. */
export function outcomeOf(failedReason: string): "cancelled" | "timed-out" | "failed" {
  if (failedReason.startsWith("Cancelled by ")) return "cancelled"
  return failedReason.startsWith("Timed out after ") ? "timed-out" : "failed"
}
