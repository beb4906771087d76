import { z } from "zod"
import { parseJson, readBody } from "./body.ts"
import { Refusal } from "./errors.ts"
import { type Failures, failureSchema } from "./failures.ts"
import { type Handler, refusable } from "./guard.ts"
import type { Store } from "./store.ts"
import { tellSchema, type Webhooks } from "./webhooks.ts"

/** The routes of `/sandbox`, by which tests in other processes see the mails and ask for failures. */
export function createControls(store: Store, failures: Failures, webhooks: Webhooks) {
  const messages: Handler = () => Response.json(store.messages)

  const list: Handler = () => Response.json(failures.pending())

  const add: Handler = refusable(async (request) => {
    const { data, error } = failureSchema.safeParse(parseJson(await readBody(request)))
    if (error) throw new Refusal("validation_error", { message: z.prettifyError(error) })
    failures.add(data)
    return Response.json(failures.pending(), { status: 201 })
  })

  const clear: Handler = () => {
    failures.clear()
    return new Response(null, { status: 204 })
  }

  const tell: Handler = refusable(async (request) => {
    const { data, error } = tellSchema.safeParse(parseJson(await readBody(request)))
    if (error) throw new Refusal("validation_error", { message: z.prettifyError(error) })
    const message = store.messages.find(({ id }) => id === data.emailId)
    if (!message) throw new Refusal("not_found", { message: "Email not found" })
    return Response.json({ id: webhooks.tell(message, data) }, { status: 201 })
  })

  return { messages, list, add, clear, tell }
}
