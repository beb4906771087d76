import { Elysia } from "elysia"
import { z } from "zod"
import { addRecipients, countOutcomes, listRecipients } from "../../db/mailing-recipients.ts"
import {
  addMailing,
  type Decision,
  decide,
  findMailing,
  listMailings,
  type Mailing,
} from "../../db/mailings.ts"
import { kindOf, listOf } from "../../lib/emails/kinds.ts"
import { unsubscribeUrl } from "../../lib/emails/subscription.ts"
import { PayloadError } from "../../lib/errors.ts"
import { email } from "../../lib/jobs/email.ts"
import { problemsOfCommon, problemsOfRecipient } from "../../lib/mailings/check.ts"
import { allow } from "../access/allow.ts"
import { actorOf, describeChange } from "../access/principal.ts"
import { revealed } from "../access/reveal.ts"
import { BATCH_LIMIT } from "../body.ts"
import { cursorOf, placeOf } from "../cursor.ts"
import {
  documentDecision,
  documentMailing,
  documentMailingCreate,
  documentMailingRecipients,
  documentMailings,
  documentRecipients,
} from "../documentation/mailings.ts"
import { HttpError } from "../errors.ts"
import { isId } from "../ids.ts"
import { percentageOf, tellMailing, tellRecipient } from "../mailings.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import { decisionRequest, mailingRequest, recipientsQuery, recipientsRequest } from "../requests/mailings.ts"
import { historyQuery } from "../requests.ts"

const AWAY = "PostgreSQL, which keeps the mailings, does not answer: try again in a moment"

const queue = email.name

const on = (action: string) => ({ action: `mailing.${action}`, queue })

/** One mail to very many: put it down, add its recipients, start it, look how it goes. */
export const mailingRoutes = new Elysia({ prefix: "/api/admin/mailings" })
  .post(
    "",
    ({ body, request, status }) => create(body, request).then(({ code, ...told }) => status(code, told)),
    allow("enqueue", documentMailingCreate(), on("create")),
  )
  .get("", ({ query }) => list(query), allow("read", documentMailings(), { queue }))
  .get("/:id", ({ params }) => show(params.id), allow("read", documentMailing(), { queue }))
  .post(
    "/:id/recipients",
    ({ params, body, request }) => add(params.id, body, request),
    allow("enqueue", documentRecipients(), { ...on("add-recipients"), bodyLimit: BATCH_LIMIT }),
  )
  .get(
    "/:id/recipients",
    ({ params, query, request }) => recipients(params.id, query, request),
    allow("read", documentMailingRecipients(), { queue }),
  )
  .post(
    "/:id/start",
    ({ params, body, request }) => decideOn("start", params.id, body, request),
    allow("enqueue", documentDecision("start"), on("start")),
  )

for (const decision of ["pause", "resume", "cancel"] as const)
  mailingRoutes.post(
    `/:id/${decision}`,
    ({ params, body, request }) => decideOn(decision, params.id, body, request),
    allow("operate", documentDecision(decision), on(decision)),
  )

async function create(body: unknown, request: Request) {
  const { key, template, data, subject, from, list, agencyId, ...rest } = parse(mailingRequest, body)
  const problems = problemsOfCommon(template, data)
  if (list !== undefined && kindOf(template) !== "list")
    problems.push({
      path: "list",
      message: `nobody can unsubscribe from ${template} mails: they are of no list`,
    })
  if (problems.length) throw new PayloadError("Bad request", problems)
  const mailing = {
    ...rest,
    key: key ?? null,
    template,
    data,
    subject: subject ?? null,
    sender: from ?? null,
    list: list ?? listOf(template) ?? null,
    agencyId: agencyId ?? null,
    createdBy: actorOf(request),
  }
  // What its links are signed with has to be there before there is a mailing that needs them.
  if (mailing.list) unsubscribeUrl({ email: "ana@example.com", ...mailing, list: mailing.list })
  const added = await fromPostgres(addMailing(mailing), AWAY)
  if (!added)
    throw new PayloadError("Bad request", [{ path: "agencyId", message: `there is no agency ${agencyId}` }])
  const told = tellMailing(added.mailing)
  describeChange(request, { target: `mailing:${told.id}`, after: told })
  if (!added.isSame)
    throw new HttpError(
      409,
      `Mailing ${told.id} has this key, and is another one: give yours a key of its own`,
    )
  return { code: added.isNew ? 201 : 200, ...told } as const
}

async function add(id: string, body: unknown, request: Request) {
  const { recipients } = parse(recipientsRequest, body)
  const mailing = await there(id)
  const problems = recipients.flatMap(({ data }, index) =>
    problemsOfRecipient(mailing.template, mailing.data, data, `recipients.${index}.data`),
  )
  if (problems.length) throw new PayloadError("Bad request", problems)
  const rows = recipients.map(({ to, data, locale }) => ({ email: to, data, locale: locale ?? null }))
  const added = await fromPostgres(addRecipients(mailing.id, rows), AWAY)
  if (added === undefined)
    throw new HttpError(
      409,
      `Mailing ${mailing.id} has been started or cancelled: it takes no more recipients`,
    )
  const told = { added, duplicates: recipients.length - added }
  describeChange(request, { target: `mailing:${mailing.id}`, after: told })
  return told
}

async function list(query: unknown) {
  const { limit, before } = parse(historyQuery, query)
  // One more than asked for tells whether there is a next page.
  const mailings = await fromPostgres(listMailings(limit + 1, before ?? null), AWAY)
  const page = mailings.slice(0, limit)
  return { mailings: page.map(tellMailing), next: mailings.length > limit ? page.at(-1)!.id : null }
}

async function show(id: string) {
  const mailing = await there(id)
  const counted = await fromPostgres(countOutcomes(mailing.id), AWAY)
  return { ...tellMailing(mailing), percentage: percentageOf(counted.outcomes), ...counted }
}

const place = z.strictObject({ after: z.int().positive() })

async function recipients(id: string, query: unknown, request: Request) {
  const { outcome, reveal, limit, cursor } = parse(recipientsQuery, query)
  const after = cursor === undefined ? undefined : placeOf(cursor, place).after
  const mailing = await there(id)
  const look = async () => {
    const found = await fromPostgres(listRecipients(mailing.id, { outcome, after, limit: limit + 1 }), AWAY)
    const page = found.slice(0, limit)
    return {
      recipients: page.map((recipient) => tellRecipient(recipient, reveal)),
      next: found.length > limit ? cursorOf({ after: page.at(-1)!.id }) : null,
    }
  }
  return reveal ? await revealed(request, `mailing:${mailing.id}`, look) : await look()
}

const DONE: Record<Decision, string> = {
  start: "It is sent, at its pace",
  pause: "No further mail is handed over until it is resumed",
  resume: "It is sent on",
  cancel: "No further mail is handed over",
}

async function decideOn(decision: Decision, id: string, body: unknown, request: Request) {
  const { reason } = parse(decisionRequest, body ?? {})
  const decided = await fromPostgres(decide(idOf(id), decision, { actor: actorOf(request), reason }), AWAY)
  if (!decided) throw unknown(id)
  const { before, mailing, isDone } = decided
  describeChange(request, {
    target: `mailing:${mailing.id}`,
    before: { status: before },
    after: { status: mailing.status, reason: mailing.reason },
  })
  if (!isDone) throw new HttpError(409, whyNot(decision, mailing))
  return { success: true, message: DONE[decision], status: mailing.status, recipients: mailing.recipients }
}

const whyNot = (decision: Decision, { id, status }: Mailing) =>
  decision === "start" && status === "draft"
    ? `Mailing ${id} has no recipients: add some before it is started`
    : `Mailing ${id} is ${status}: there is nothing to ${decision}`

async function there(id: string): Promise<Mailing> {
  const mailing = await fromPostgres(findMailing(idOf(id)), AWAY)
  if (!mailing) throw unknown(id)
  return mailing
}

/** What is no number, or one that no mailing has, is none. */
function idOf(id: string): number {
  if (isId(id)) return Number(id)
  throw unknown(id)
}

const unknown = (id: string) => new HttpError(404, `No mailing ${String(id).slice(0, 100)}`)
