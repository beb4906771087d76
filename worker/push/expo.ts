import { z } from "zod"
import type { DueDelivery } from "../../db/push-deliveries.ts"
import type { Outcome } from "../../db/push-outcomes.ts"
import type { Receipt, Ticket } from "../../db/push-receipts.ts"
import { alarm } from "./alarm.ts"
import { waitAfter } from "./backoff.ts"
import { contentOf } from "./content.ts"
import { askExpo, type ExpoAnswer } from "./expo-request.ts"

/** Pushes that Expo takes in one request, and tickets that it is asked about. */
export const MOST_PUSHES = 100
export const MOST_TICKETS = 300

/** Milliseconds until pushes are tried again that were refused for what is wrong with the account. */
const ACCOUNT_WAIT = 600_000

const refusal = z.object({
  status: z.literal("error"),
  message: z.string().catch("no reason given"),
  details: z.object({ error: z.string().optional() }).catch({}).optional(),
})

const ticket = z.discriminatedUnion("status", [
  z.object({ status: z.literal("ok"), id: z.string().min(1).max(200) }),
  refusal,
])

const receipt = z.discriminatedUnion("status", [z.object({ status: z.literal("ok") }), refusal])

/**
 * Ask Expo to take pushes, 100 at most, and return what became of each. One request that it refuses as a whole is asked again in
 * halves, so that what is wrong with one push keeps none of the others. One that it may have taken without saying so is not
 * asked again: Expo would push it twice.
 */
export async function sendExpo(deliveries: DueDelivery[]): Promise<Outcome[]> {
  const answer = await askExpo("send", deliveries.map(messageOf))
  if ("data" in answer) return outcomesOf(deliveries, answer.data)
  if (isRefused(answer) && deliveries.length > 1) {
    const middle = Math.ceil(deliveries.length / 2)
    return [...(await sendExpo(deliveries.slice(0, middle))), ...(await sendExpo(deliveries.slice(middle)))]
  }
  return deliveries.map((delivery) => unsent(delivery, answer))
}

const messageOf = (delivery: DueDelivery) => {
  const { title, message, ...data } = contentOf(delivery)
  const { endpoint: to, ttl, urgency } = delivery
  const priority = urgency === "high" ? "high" : urgency === "normal" ? "default" : "normal"
  return { to, title, body: message, data, ttl, priority, sound: "default" }
}

/** Whether it is the pushes that are refused, of which others might be taken. */
const isRefused = (answer: ExpoAnswer) =>
  "problem" in answer &&
  answer.status >= 400 &&
  answer.status < 500 &&
  ![401, 403, 408, 429].includes(answer.status) &&
  answer.problem.code !== "TOO_MANY_REQUESTS"

function outcomesOf(deliveries: DueDelivery[], data: unknown): Outcome[] {
  const tickets = z.array(z.unknown()).length(deliveries.length).safeParse(data).data
  return deliveries.map((delivery, index): Outcome => {
    const said = ticket.safeParse(tickets?.[index]).data
    if (!said) return { delivery, status: "unknown", error: "Expo's answer does not say what became of it" }
    if (said.status === "ok") return { delivery, status: "sent", ticketId: said.id }
    return refusedBy(delivery, said)
  })
}

function refusedBy(delivery: DueDelivery, { message, details }: z.output<typeof refusal>): Outcome {
  const kind = details?.error ?? "unknown"
  const error = `${kind}: ${message}`.slice(0, 300)
  if (kind === "DeviceNotRegistered") return { delivery, status: "gone", error }
  if (kind === "MessageRateExceeded") return later(delivery, error, 0)
  if (isOfAccount(kind)) {
    alarm("Expo", error)
    return { delivery, status: "pending", error, retryIn: ACCOUNT_WAIT, mayBeSent: false }
  }
  return { delivery, status: "refused", error }
}

/** Whether it is the application's credentials that Apple or Google do not take. */
const isOfAccount = (kind: string) => kind === "InvalidCredentials" || kind === "MismatchSenderId"

function unsent(delivery: DueDelivery, answer: Exclude<ExpoAnswer, { data: unknown }>): Outcome {
  if ("error" in answer)
    return answer.mayBeTaken
      ? { delivery, status: "unknown", error: `Expo may have sent it: ${answer.error}` }
      : later(delivery, answer.error, 0)
  const { problem, status, retryAfter } = answer
  const error = `${status} ${problem.code}: ${problem.message}`.slice(0, 300)
  if (status === 401 || status === 403) {
    alarm("Expo", `${error} (EXPO_ACCESS_TOKEN)`)
    return { delivery, status: "pending", error, retryIn: ACCOUNT_WAIT, mayBeSent: false }
  }
  return isRefused(answer) ? { delivery, status: "refused", error } : later(delivery, error, retryAfter)
}

function later(delivery: DueDelivery, error: string, asked: number): Outcome {
  const retryIn = waitAfter(delivery.attempt, asked)
  const outcome = { delivery, error, ...(asked > 0 && { rest: asked }) }
  return retryIn === undefined
    ? { ...outcome, status: "failed" }
    : { ...outcome, status: "pending", retryIn, mayBeSent: false }
}

/** Ask Expo what became of pushes it took, 300 at most. Those of which it knows nothing yet are left out. */
export async function askReceipts(tickets: Ticket[]): Promise<Receipt[]> {
  const answer = await askExpo("getReceipts", { ids: tickets.map(({ ticketId }) => ticketId) })
  if (!("data" in answer)) return []
  const known = z.record(z.string(), z.unknown()).safeParse(answer.data).data ?? {}
  return tickets.flatMap((ticket): Receipt[] => {
    const said = receipt.safeParse(known[ticket.ticketId]).data
    if (!said) return []
    if (said.status === "ok") return [{ ...ticket, status: "delivered", error: null }]
    const kind = said.details?.error ?? "unknown"
    const error = `${kind}: ${said.message}`.slice(0, 300)
    if (isOfAccount(kind)) alarm("Expo", error)
    return [{ ...ticket, status: kind === "DeviceNotRegistered" ? "gone" : "refused", error }]
  })
}
