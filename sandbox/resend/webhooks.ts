import { z } from "zod"
import { signMessage } from "../../lib/callbacks/sign.ts"
import type { Message } from "./store.ts"

/** Milliseconds until an event is told again that was not taken: https://resend.com/docs/webhooks/retries-and-replays. */
const WAITS = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].map((seconds) => seconds * 1_000)

/** Events that are told at a time. */
const AT_A_TIME = 10

/** Milliseconds that a receiver has to answer. */
const PATIENCE = 15_000

export interface WebhookOptions {
  url: string
  /** `whsec_…`. */
  secret: string
  waits?: number[]
  /** Times that each event is told, though it was taken. */
  times?: number
  /** Tell the last that happens to a mail first. */
  disorder?: boolean
}

/** What may be asked to be told of a mail, also by other processes. */
export const tellSchema = z.strictObject({
  emailId: z.string().optional(),
  type: z.string(),
  /** What the event has beside what all have: `bounce`, `failed`. */
  told: z.record(z.string(), z.unknown()).default({}),
  /** When it happened. */
  at: z.iso.datetime().optional(),
  times: z.int().min(1).default(1),
})

type Told = z.input<typeof tellSchema>

interface Event {
  id: string
  type: string
  body: string
}

export type Webhooks = ReturnType<typeof createWebhooks>

const PERMANENT = {
  bounce: { message: "The recipient's address does not exist.", subType: "General", type: "Permanent" },
}
const ON_LIST = {
  suppressed: { message: "The address is on the suppression list.", type: "OnAccountSuppressionList" },
}

/** What becomes of mails to these addresses of resend.dev, with or without a label behind a plus; all others are delivered. */
const STORIES: Record<string, Told[]> = {
  bounced: [{ type: "email.sent" }, { type: "email.bounced", told: PERMANENT }],
  complained: [{ type: "email.sent" }, { type: "email.delivered" }, { type: "email.complained" }],
  suppressed: [{ type: "email.suppressed", told: ON_LIST }],
}
const DELIVERED: Told[] = [{ type: "email.sent" }, { type: "email.delivered" }]

const storyOf = (to: string) => STORIES[/^(\w+)(?:\+[^@]*)?@resend\.dev$/.exec(to)?.[1] ?? ""] ?? DELIVERED

/** Tells what becomes of mails as Resend does: signed, and again until it is taken. */
export function createWebhooks(options: WebhookOptions | undefined, now: () => number) {
  const waiting: Event[] = []
  const answers: { id: string; type: string; status: number }[] = []
  const timers = new Set<Timer>()
  const stopping = new AbortController()
  let underWay = 0
  /** Tellings that are not over: they wait, are under way, or wait to be tried again. */
  let open = 0

  /** Tell something of a mail; returns the event's id. */
  function tell(message: Message, given: Told): string {
    const { type, told, at, times } = tellSchema.parse(given)
    const id = `msg_${crypto.randomUUID().replaceAll("-", "")}`
    const event = { id, type, body: JSON.stringify(eventOf(message, type, told, at)) }
    for (let time = 0; time < times; time++) waiting.push(event)
    open += times
    begin()
    return id
  }
  function eventOf(message: Message, type: string, told: object, at = new Date(now()).toISOString()) {
    const { id, from, to, subject, createdAt } = message
    const data = {
      created_at: createdAt,
      email_id: id,
      message_id: `<${id}@resend.sandbox.invalid>`,
      from,
      to,
      subject,
    }
    return { type, created_at: at, data: { ...data, ...told } }
  }
  /** A mail was taken: what becomes of it is told, a moment apart each. */
  function accepted(message: Message) {
    if (!options) return
    const story = storyOf(message.to[0]!).map((told, index) => ({
      ...told,
      at: new Date(now() + index * 1_000).toISOString(),
      times: options.times ?? 1,
    }))
    for (const told of options.disorder ? story.toReversed() : story) tell(message, told)
  }
  function begin() {
    while (options && underWay < AT_A_TIME && waiting.length > 0) {
      underWay += 1
      void attempt(waiting.shift()!, 0).finally(() => {
        underWay -= 1
        begin()
      })
    }
  }
  async function attempt(event: Event, tries: number) {
    const status = await post(event, options!)
    answers.push({ id: event.id, type: event.type, status })
    const wait = (options!.waits ?? WAITS)[tries]
    const isOver = (status >= 200 && status < 300) || wait === undefined || stopping.signal.aborted
    if (isOver) {
      open -= 1
      return
    }
    const timer = setTimeout(() => {
      timers.delete(timer)
      void attempt(event, tries + 1)
    }, wait)
    timers.add(timer)
  }
  /** 0 when there was no answer. */
  async function post({ id, body }: Event, { url, secret }: WebhookOptions): Promise<number> {
    const at = Math.floor(Date.now() / 1_000)
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        headers: {
          "content-type": "application/json",
          "svix-id": id,
          "svix-timestamp": String(at),
          "svix-signature": signMessage(secret, { id, at, body }),
        },
        body,
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(PATIENCE)]),
      })
      await response.body?.cancel()
      return response.status
    } catch {
      return 0
    }
  }
  return {
    tell,
    accepted,
    /** What was answered to each time that something was told. */
    answers: answers as readonly { id: string; type: string; status: number }[],
    /** Whether nothing is left to be told. */
    isDone: () => open === 0,
    stop() {
      stopping.abort()
      waiting.length = 0
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
