import { Elysia } from "elysia"
import { standingOf, subscribeAgain, unsubscribe } from "../../db/email-subscriptions.ts"
import { readSubscription, type Subscription } from "../../lib/emails/subscription.ts"
import { open } from "../access/open.ts"
import { FORM_LIMIT, readBytes } from "../body.ts"
import { documentSubscription, documentUnsubscribe } from "../documentation/unsubscribe.ts"
import { HttpError } from "../errors.ts"
import { languageOf } from "../pages/reader.ts"
import { fromPostgres } from "../postgres.ts"
import { noSubscriptionPage, subscriptionPage } from "../unsubscribe/page.ts"

const AWAY = "PostgreSQL, which keeps who has unsubscribed, does not answer: try again in a moment"

/** Out of a list, and into it again, for whoever has the link of a mail. Looking changes nothing: scanners follow every link. */
export const unsubscribeRoutes = new Elysia()
  .get(
    "/unsubscribe/:token",
    ({ params, request }) => look(params.token, request),
    open(documentSubscription()),
  )
  .post(
    "/unsubscribe/:token",
    ({ params, body, request }) => decide(params.token, body as Form, request),
    open(documentUnsubscribe(), readForm),
  )

type Form = Map<string, string>

async function look(token: string, request: Request) {
  const subscription = readSubscription(token)
  if (!subscription) return noSubscriptionPage(languageOf(request))
  return await show(subscription)
}

async function decide(token: string, form: Form, request: Request) {
  const subscription = readSubscription(token)
  if (!subscription) return noSubscriptionPage(languageOf(request))
  const action = form.get("action")
  if (form.get("list-unsubscribe")?.toLowerCase() === "one-click")
    await fromPostgres(unsubscribe(subscription, "one-click"), AWAY)
  else if (action === "unsubscribe") await fromPostgres(unsubscribe(subscription, "page"), AWAY)
  else if (action === "subscribe") await fromPostgres(subscribeAgain(subscription), AWAY)
  else throw new HttpError(400, "Send the form List-Unsubscribe=One-Click (RFC 8058)")
  return await show(subscription)
}

const show = async (subscription: Subscription) =>
  subscriptionPage(subscription, await fromPostgres(standingOf(subscription), AWAY))

/** The texts of a form, by their names in small letters; both ways that a form is sent. */
async function readForm(request: Request): Promise<Form> {
  const bytes = await readBytes(request, FORM_LIMIT)
  const type = request.headers.get("content-type") ?? ""
  if (!/^(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i.test(type))
    throw new HttpError(415, "Send a form: application/x-www-form-urlencoded or multipart/form-data")
  const sent = new Response(bytes, { headers: { "content-type": type } })
  const form = await sent.formData().catch(() => {
    throw new HttpError(400, "The form cannot be read")
  })
  return new Map([...form].map(([name, value]) => [name.toLowerCase(), String(value)]))
}
