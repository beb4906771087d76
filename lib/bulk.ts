import { z } from "zod"
import {
  type EndedStatus,
  isQueuedStatus,
  type QueuedStatus,
  type RunFilter,
  type RunStatusName,
} from "./run-filter.ts"

export const bulkAction = z.enum(["retry", "remove", "cancel"])
export type BulkAction = z.output<typeof bulkAction>

/** What became of a run that an operation came to; `skipped`, it stood elsewhere by then, and `gone`, Redis no longer had it. */
export const bulkOutcome = z.enum(["retried", "removed", "cancelled", "cancelling", "skipped", "gone"])
export type BulkOutcome = z.output<typeof bulkOutcome>

/** Where runs may stand for an action; those before `besides` are meant when a filter says nothing of it. */
const TAKEN: Record<BulkAction, { statuses: RunStatusName[]; besides?: RunStatusName[] }> = {
  retry: { statuses: ["failed"], besides: ["cancelled"] },
  remove: { statuses: ["completed", "failed", "cancelled", "delayed", "waiting"] },
  cancel: { statuses: ["delayed", "waiting", "active"] },
}

/** Where runs stand that an action with this filter is for; none when it takes none that stand where the filter says. */
export function statusesFor(action: BulkAction, { status }: RunFilter): RunStatusName[] {
  const { statuses, besides = [] } = TAKEN[action]
  if (status === undefined) return statuses
  return [...statuses, ...besides].includes(status) ? [status] : []
}

/** The filters that find these runs one after the other: a search looks where its status is kept. */
export function searchesFor(action: BulkAction, filter: RunFilter) {
  const statuses = statusesFor(action, filter)
  const isEnded = (status: RunStatusName): status is EndedStatus => !isQueuedStatus(status)
  return {
    ended: statuses.filter(isEnded).map((status) => ({ ...filter, status })),
    queued: statuses.filter(isQueuedStatus).map((status: QueuedStatus) => ({ ...filter, status })),
  }
}

/** Where workers hear that there is an operation to go on with. */
export const BULK = "esteira:bulk"
