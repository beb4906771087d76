import type { Ended, Settled } from "../../db/push-outcomes.ts"
import { createCounter } from "../../lib/metrics/exposition.ts"
import { type Provider, providerOf, providers } from "./provider.ts"

/** What a try of a push can come to: one that is `retrying` is tried again, one that is `unknown` may have been sent. */
const OUTCOMES = ["sent", "gone", "refused", "failed", "retrying", "expired", "cancelled", "unknown"] as const

/** What Expo can tell later of what it has taken. */
const RECEIPTS = ["delivered", "gone", "refused"] as const

/** Counts what becomes of pushes. */
function createPushCounts() {
  const ends = createCounter(
    "esteira_pushes_total",
    "Pushes that were tried, or need no more be tried, by who brings them and what came of it.",
  )
  const receipts = createCounter(
    "esteira_push_receipts_total",
    "Pushes of which Expo has told what became of them after it took them.",
  )
  const removals = createCounter(
    "esteira_push_devices_removed_total",
    "Devices that were forgotten, since who brings pushes knows them no longer.",
  )
  const ended = byName(providers, (provider) => byName(OUTCOMES, (outcome) => ends.of({ provider, outcome })))
  const told = byName(RECEIPTS, (outcome) => receipts.of({ outcome }))
  const removed = byName(providers, (provider) => removals.of({ provider }))

  const remove = (provider: Provider, { isForgotten }: Settled) => {
    if (isForgotten) removed[provider].value += 1
  }
  return {
    /** Pushes that have come to an end without a try. */
    closed(pushes: Ended[]) {
      for (const { service, status } of pushes)
        ended[providerOf(service)][status as (typeof OUTCOMES)[number]].value += 1
    },
    /** Pushes that were tried. */
    tried(pushes: Settled[]) {
      for (const push of pushes) {
        const provider = providerOf(push.service)
        const outcome = push.status === "pending" ? "retrying" : push.status
        ended[provider][outcome as (typeof OUTCOMES)[number]].value += 1
        remove(provider, push)
      }
    },
    /** Pushes that Expo has told of. */
    told(pushes: Settled[]) {
      for (const push of pushes) {
        told[push.status as (typeof RECEIPTS)[number]].value += 1
        remove("expo", push)
      }
    },
    text: () => [ends, receipts, removals].map((metric) => metric.text()).join(""),
  }
}

const byName = <Name extends string, Made>(names: readonly Name[], make: (name: Name) => Made) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Made>

/** What has become of pushes in this process. */
export const pushCounts = createPushCounts()
