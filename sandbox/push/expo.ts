import { randomUUID } from "node:crypto"
import { z } from "zod"

const message = z.strictObject({
  to: z.string(),
  title: z.string().optional(),
  body: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  ttl: z.int().min(0).optional(),
  priority: z.enum(["default", "normal", "high"]).optional(),
  sound: z.literal("default").nullable().optional(),
  badge: z.int().optional(),
  channelId: z.string().optional(),
})

/** A push that Expo has taken. */
export type ExpoPush = z.output<typeof message> & { at: string; ticket: string }

type Receipt = { status: "ok" } | { status: "error"; message: string; details: { error: string } }

const MOST_MESSAGES = 100
const MOST_RECEIPTS = 1_000
const MOST_BYTES = 4_096
const PER_SECOND = 600

interface ExpoOptions {
  /** What requests have to come with. */
  accessToken?: string | undefined
  now?: () => number
}

/** The push service of Expo: tickets, and receipts of what became of them at Apple and Google. */
export function createExpo({ accessToken, now = Date.now }: ExpoOptions = {}) {
  const pushes: ExpoPush[] = []
  const receipts = new Map<string, Receipt>()
  const unregistered = new Set<string>()
  /** What Apple or Google say of the next push to a token. */
  const fates = new Map<string, string>()
  const projects = new Map<string, string>()
  let second = { at: 0, used: 0 }

  const isOver = (count: number) => {
    const at = Math.floor(now() / 1_000)
    second = at === second.at ? { at, used: second.used + count } : { at, used: count }
    return second.used > PER_SECOND
  }
  const admit = (request: Request) => {
    if (accessToken === undefined || request.headers.get("authorization") === `Bearer ${accessToken}`)
      return undefined
    return refuse(401, "UNAUTHORIZED", "The bearer token is invalid")
  }
  const take = (sent: z.output<typeof message>) => {
    const { to } = sent
    if (unregistered.has(to))
      return failed("DeviceNotRegistered", `"${to}" is not a registered push notification recipient`)
    const ticket = randomUUID()
    const fate = fates.get(to) ?? (sizeOf(sent) > MOST_BYTES ? "MessageTooBig" : undefined)
    fates.delete(to)
    pushes.push({ ...sent, at: new Date().toISOString(), ticket })
    receipts.set(ticket, fate === undefined ? { status: "ok" } : failed(fate, `Apple or Google say ${fate}`))
    if (fate === "DeviceNotRegistered") unregistered.add(to)
    return { status: "ok", id: ticket }
  }

  return {
    pushes,
    /** Have a device be one no more. */
    unregister: (token: string) => void unregistered.add(token),
    /** Have the receipt of the next push to a token say this. */
    doom: (token: string, fate: string) => void fates.set(token, fate),
    /** Say which project's a token is; all are of one unless it is said. */
    ofProject: (token: string, project: string) => void projects.set(token, project),
    async send(request: Request): Promise<Response> {
      const refused = admit(request)
      if (refused) return refused
      const body: unknown = await request.json().catch(() => undefined)
      const messages = z.array(message).min(1).safeParse([body].flat())
      if (!messages.success) return refuse(400, "VALIDATION_ERROR", z.prettifyError(messages.error))
      const tokens = messages.data.map(({ to }) => to)
      if (tokens.length > MOST_MESSAGES)
        return refuse(413, "PUSH_TOO_MANY_NOTIFICATIONS", `at most ${MOST_MESSAGES} messages a request`)
      const wrong = tokens.find((token) => !/^Expo(?:nent)?PushToken\[[^\]]+\]$/.test(token))
      if (wrong !== undefined) return refuse(400, "VALIDATION_ERROR", `"to" must be a push token: ${wrong}`)
      const byProject = Object.groupBy(tokens, (token) => projects.get(token) ?? "@araucaria/app")
      if (Object.keys(byProject).length > 1)
        return refuse(
          400,
          "PUSH_TOO_MANY_EXPERIENCE_IDS",
          "All push notification messages in the same request must be for the same project",
          byProject,
        )
      if (isOver(tokens.length))
        return refuse(429, "TOO_MANY_REQUESTS", `at most ${PER_SECOND} pushes a second`)
      return Response.json({ data: messages.data.map(take) })
    },
    async getReceipts(request: Request): Promise<Response> {
      const refused = admit(request)
      if (refused) return refused
      const asked = z
        .strictObject({ ids: z.array(z.string()) })
        .safeParse(await request.json().catch(() => undefined))
      if (!asked.success) return refuse(400, "VALIDATION_ERROR", z.prettifyError(asked.error))
      if (asked.data.ids.length > MOST_RECEIPTS)
        return refuse(413, "PUSH_TOO_MANY_RECEIPTS", `at most ${MOST_RECEIPTS} ids a request`)
      const known = asked.data.ids.flatMap((id) => (receipts.has(id) ? [[id, receipts.get(id)]] : []))
      return Response.json({ data: Object.fromEntries(known) })
    },
  }
}

const failed = (error: string, message: string) => ({ status: "error" as const, message, details: { error } })

const refuse = (status: number, code: string, message: string, details?: unknown) =>
  Response.json({ errors: [{ code, message, ...(details !== undefined && { details }) }] }, { status })

const sizeOf = ({ title, body, data }: z.output<typeof message>) =>
  Buffer.byteLength(JSON.stringify({ title, body, data }))
