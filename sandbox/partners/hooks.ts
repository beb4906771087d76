import { Webhook } from "standardwebhooks"
import { createFailures } from "./failures.ts"

/** A message that was taken, in the form in which it came. */
interface HookMessage {
  id: string
  type: string
  data: Record<string, unknown>
}

/** A simulator of who takes webhooks: what the reference implementation does not verify is refused, and each id is taken once. */
export function createHooks(secret: string) {
  const failures = createFailures()
  const taken: HookMessage[] = []
  const repeated: string[] = []

  async function receive(request: Request): Promise<Response> {
    const text = await request.text()
    const { type, data } = new Webhook(secret).verify(
      text,
      Object.fromEntries(request.headers),
    ) as HookMessage
    const id = request.headers.get("webhook-id")!
    if (taken.some((message) => message.id === id)) repeated.push(id)
    else taken.push({ id, type, data })
    return Response.json({ status: "success", id })
  }

  return {
    /** Each message once, oldest first. */
    taken,
    /** The ids of those that came again. */
    repeated,
    fail: failures.add,
    forgive: failures.clear,
    answer: (request: Request) =>
      failures.play(request, () =>
        receive(request).catch((error: Error) => Response.json({ error: error.message }, { status: 400 })),
      ),
  }
}

export type Hooks = ReturnType<typeof createHooks>
