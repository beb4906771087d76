import { Elysia } from "elysia"
import { exampleOf } from "../../lib/emails/example.ts"
import { type TemplateName, templateNames, templateProps } from "../../lib/emails/index.ts"
import { kindOf, listOf } from "../../lib/emails/kinds.ts"
import { EXAMPLE_URL } from "../../lib/emails/subscription.ts"
import { problemsOf } from "../../lib/enqueue.ts"
import { PayloadError } from "../../lib/errors.ts"
import { sender } from "../../lib/sender.ts"
import { allow } from "../access/allow.ts"
import { documentPreview, documentTemplates } from "../documentation/jobs.ts"
import { HttpError } from "../errors.ts"
import { previewQuery } from "../requests.ts"

/** A mail brings styles of its own, and nothing that runs or is fetched. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const TYPES = { html: "text/html; charset=utf-8", text: "text/plain; charset=utf-8" }

/** Look at mail templates. */
export const emailRoutes = new Elysia({ prefix: "/api/admin/emails" })
  .get(
    "",
    () => ({ templates: templateNames.map(tell) }),
    allow("read", documentTemplates(), { queue: "email" }),
  )
  .get(
    "/:template/preview",
    ({ params, query, set }) => preview(params.template, query, set),
    allow("read", documentPreview(), { queue: "email" }),
  )

const tell = (name: TemplateName) => ({
  name,
  kind: kindOf(name),
  example: exampleOf(templateProps[name]),
  previewUrl: `/api/admin/emails/${name}/preview`,
})

async function preview(template: string, query: unknown, set: { headers: Record<string, string | number> }) {
  const name = templateCalled(template)
  const asked = previewQuery.safeParse(query)
  if (!asked.success) throw new PayloadError("Bad request", problemsOf(asked.error))
  const { locale, part } = asked.data
  // Loaded for the first who looks: the start of the API does not wait for React.
  const { renderEmail } = await import("../../emails/render.tsx")
  const email = await renderEmail(name, exampleOf(templateProps[name], locale), {
    ...sender(),
    locale,
    unsubscribeUrl: listOf(name) && EXAMPLE_URL,
  })
  Object.assign(set.headers, { "content-security-policy": POLICY, "content-type": TYPES[part] })
  return email[part]
}

function templateCalled(name: string): TemplateName {
  const found = templateNames.find((template) => template === name)
  if (found) return found
  throw new HttpError(
    404,
    `No template "${String(name).slice(0, 100)}": the templates are ${templateNames.join(", ")}`,
  )
}
