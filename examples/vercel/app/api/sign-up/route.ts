import { createClient } from "../../../../../lib/client.ts"

export const runtime = "edge"

/** Answers at once, and leaves the mail to Esteira. `userId` comes from wherever users are kept. */
export async function POST(request: Request) {
  const { userId, name, email } = (await request.json()) as { userId: number; name: string; email: string }
  const esteira = createClient({ url: process.env.ESTEIRA_URL!, key: process.env.ESTEIRA_API_KEY! })

  const asked = await esteira.enqueue(
    "email",
    { to: email, template: "welcome", data: { userName: name } },
    // However often the form is sent, one mail.
    { idempotencyKey: `welcome-${userId}`, priority: "high", signal: request.signal },
  )
  if (asked.ok) return Response.json({ welcome: asked.value.jobId }, { status: 202 })

  const { kind, message, details } = asked.error
  if (kind === "invalid") return Response.json({ error: message, details }, { status: 400 })
  console.error(`No welcome for user ${userId}: ${message}`)
  return Response.json({ error: "Try again in a moment" }, { status: 503 })
}
