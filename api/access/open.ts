import type { Context, DocumentDecoration } from "elysia"
import { readJson } from "../body.ts"

/** Routes that ask for no key and no session; a link to a file or to a list is one itself, a webhook is signed or has a secret, and so has a feed. */
export const openRoutes = [
  "GET /",
  "GET /health",
  "GET /ready",
  "GET /feeds/:agency/vrsync.xml",
  "GET /files/:token",
  "POST /api/session",
  "POST /webhooks/leads/:integration",
  "POST /webhooks/resend",
  "GET /unsubscribe/:token",
  "POST /unsubscribe/:token",
]

const OPEN = new RegExp(
  `^(?:${openRoutes
    .map((route) =>
      route.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+").replace(/^GET /, "(?:GET|HEAD) "),
    )
    .join("|")})$`,
)

/** Whether a request is for everybody. `path` is the router's own: told from the URL again, what one calls open the other routes elsewhere. */
export const isOpen = (method: string, path: string) => OPEN.test(`${method} ${path}`)

/** A route for everybody, with its page of the reference; it stands in the list above. What it is sent is JSON, unless it reads something else. */
export const open = (
  detail: DocumentDecoration,
  read: (request: Request) => Promise<unknown> = (request) => readJson(request),
) => ({
  detail: { ...detail, security: [] },
  parse: "none" as const,
  beforeHandle: async (context: Pick<Context, "request" | "body">) => {
    context.body = await read(context.request)
  },
})
