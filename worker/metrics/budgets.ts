import { gauge } from "../../lib/metrics/exposition.ts"
import { queueClient } from "../../lib/queues.ts"
import { lookAhead } from "../mail/pace.ts"
import { mailEnv } from "../mail/resend.ts"
import { notaParana } from "../price-sync/nota-parana.ts"

/** What may be asked of the services outside, and how much of it is taken: of all workers together, so that each tells the same. */
export async function budgetMetrics() {
  const { budget, breaker } = notaParana(queueClient())
  const [wait, { limit, used }, open] = await Promise.all([lookAhead(), budget.look(), breaker.look()])
  const leftAlone = open ? Math.max(0, open.until.getTime() - Date.now()) : 0
  return [
    gauge(
      "esteira_mail_requests_per_second_limit",
      "Requests that Resend may be sent a second.",
      mailEnv().RESEND_REQUESTS_PER_SECOND,
    ),
    gauge(
      "esteira_mail_wait_seconds",
      "How long mail asked for now waits for its turn at Resend.",
      wait / 1_000,
    ),
    gauge("esteira_price_sync_requests_limit", "Requests that Nota Paraná may be sent a day (UTC).", limit),
    gauge("esteira_price_sync_requests_used", "Requests that Nota Paraná was sent today (UTC).", used),
    gauge(
      "esteira_price_sync_breaker_open",
      "Whether Nota Paraná has shown that it does not want to be asked: 1 until it has answered again, else 0.",
      open ? 1 : 0,
    ),
    gauge(
      "esteira_price_sync_left_alone_seconds",
      "How long Nota Paraná is still left alone; then a single request finds out.",
      leftAlone / 1_000,
    ),
  ].join("")
}
