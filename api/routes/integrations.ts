import { Elysia } from "elysia"
import type { z } from "zod"
import { findAgency } from "../../db/agencies.ts"
import { findIntegration, type Integration, listIntegrations } from "../../db/integrations.ts"
import { findFeed } from "../../db/listing-feeds.ts"
import { listItems } from "../../db/sync/items.ts"
import { enqueue, problemsOf } from "../../lib/enqueue.ts"
import { PayloadError } from "../../lib/errors.ts"
import type { Json } from "../../lib/jobs/define.ts"
import { integrationSync } from "../../lib/jobs/integration-sync.ts"
import { isAnotherAccount } from "../../lib/partners/account.ts"
import { isSpokenTo, type Partner } from "../../lib/partners/define.ts"
import { partnerNamed } from "../../lib/partners/index.ts"
import { sealSecrets } from "../../lib/partners/secrets.ts"
import { allow } from "../access/allow.ts"
import { actorOf, describeChange } from "../access/principal.ts"
import {
  documentBlocked,
  documentExchange,
  documentIntegration,
  documentIntegrationChange,
  documentIntegrations,
  documentItems,
  documentNewIntegration,
  documentRemoval,
  documentSwitch,
} from "../documentation/integrations.ts"
import { HttpError } from "../errors.ts"
import { isId } from "../ids.ts"
import { changeIntegration, makeIntegration, removeIntegration } from "../integration-changes.ts"
import { tellChange, tellIntegration, tellItem } from "../integrations.ts"
import { outbox } from "../outbox.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import {
  exchangeRequest,
  integrationChange,
  integrationsQuery,
  itemsQuery,
  newIntegration,
} from "../requests/integrations.ts"

const AWAY = "PostgreSQL, which keeps the integrations, does not answer: try again in a moment"

const queue = integrationSync.name

/** What agencies exchange with partners: set up, looked at, switched on and off, done now. */
export const integrationRoutes = new Elysia({ prefix: "/api/admin/integrations" })
  .get("", ({ query }) => list(query), allow("read", documentIntegrations(), { queue }))
  .post(
    "",
    ({ body, request, status }) => create(body, request).then((made) => status(201, made)),
    allow("admin", documentNewIntegration(), { action: "integration.create", queue }),
  )
  .get(
    "/:id",
    ({ params }) => there(params.id).then(tellIntegration),
    allow("read", documentIntegration(), { queue }),
  )
  .patch(
    "/:id",
    ({ params, body, request }) => change(params.id, body, request),
    allow("admin", documentIntegrationChange(), { action: "integration.update", queue }),
  )
  .delete(
    "/:id",
    ({ params, request }) => remove(params.id, request),
    allow("admin", documentRemoval(), { action: "integration.remove", queue }),
  )
  .post(
    "/:id/enable",
    ({ params, request }) => turn(params.id, true, request),
    allow("operate", documentSwitch("enable"), { action: "integration.enable", queue }),
  )
  .post(
    "/:id/disable",
    ({ params, request }) => turn(params.id, false, request),
    allow("operate", documentSwitch("disable"), { action: "integration.disable", queue }),
  )
  .post(
    "/:id/run",
    ({ params, body, request, status }) =>
      exchange(params.id, body, request).then((asked) => status(202, asked)),
    allow("operate", documentExchange(), { action: "integration.run", queue }),
  )
  .get(
    "/:id/items",
    ({ params, query }) => items(params.id, query),
    allow("read", documentItems(), { queue }),
  )
  .get(
    "/:id/blocked",
    ({ params, query }) => blocked(params.id, query),
    allow("read", documentBlocked(), { queue }),
  )

async function list(query: unknown) {
  const { agencyId = null, after = 0, limit } = parse(integrationsQuery, query)
  // One more than asked for tells whether there is a next page.
  const found = await fromPostgres(listIntegrations({ agencyId, after, limit: limit + 1 }), AWAY)
  const page = found.slice(0, limit)
  return { integrations: page.map(tellIntegration), next: found.length > limit ? page.at(-1)!.id : null }
}

async function create(body: unknown, request: Request) {
  const { agencyId, provider, enabled, ...asked } = parse(newIntegration, body)
  const partner = partnerNamed(provider)!
  if (!isSpokenTo(partner))
    throw new HttpError(400, `${partner.title} is known, and nothing is exchanged with it yet`)
  const { settings, secrets } = checked(partner, asked)
  const owner = { agencyId, provider }
  const sealed = secretsToKeep(owner, secrets!)
  if (!(await fromPostgres(findAgency(agencyId), AWAY))) throw new HttpError(404, `No agency ${agencyId}`)
  const made = await fromPostgres(
    makeIntegration({ ...owner, enabled, settings: settings!, ...sealed }, actorOf(request)),
    AWAY,
  )
  if (!made)
    throw new HttpError(409, `Agency ${agencyId} has an integration with ${provider} already: change that`)
  const told = tellChange(made)
  describeChange(request, { target: `integration:${made.id}`, after: told })
  return told
}

async function change(id: string, body: unknown, request: Request) {
  const before = await there(id)
  const partner = partnerNamed(before.provider)!
  const { anew, ...asked } = parse(integrationChange, body)
  const given = checked(partner, asked)
  const { settings, secrets } = given
  const isAnew = anew ?? isAnotherAccount(partner, before, given)
  const changed = { ...(settings && { settings }), ...(secrets && secretsToKeep(before, secrets)), isAnew }
  return await update(before, changed, request)
}

async function remove(id: string, request: Request) {
  const before = await there(id)
  if (!(await fromPostgres(removeIntegration(before.id), AWAY))) throw unknown(id)
  describeChange(request, { target: `integration:${before.id}`, before: tellIntegration(before) })
  return { success: true, message: "The integration is removed" }
}

const turn = async (id: string, enabled: boolean, request: Request) =>
  await update(await there(id), { enabled }, request)

async function update(
  before: Integration,
  changed: Parameters<typeof changeIntegration>[1],
  request: Request,
) {
  const after = await fromPostgres(changeIntegration(before.id, changed, actorOf(request)), AWAY)
  if (!after) throw unknown(String(before.id))
  const is = tellChange(after)
  describeChange(request, { target: `integration:${before.id}`, before: tellIntegration(before), after: is })
  return is
}

interface Asked {
  settings?: Record<string, unknown> | undefined
  secrets?: Record<string, string> | undefined
}

/** What was given, as the provider takes it. Throws a PayloadError that names each problem, and no secret. */
function checked(partner: Partner, asked: Asked) {
  const { settings, secrets } = asked
  const [set, kept] = [
    settings && partner.settings.safeParse(settings),
    secrets && partner.secrets.safeParse(secrets),
  ]
  const problems = [
    ...(set?.error ? problemsOf(set.error, "settings") : []),
    ...(kept?.error ? problemsOf(kept.error as z.ZodError, "secrets") : []),
  ]
  if (problems.length) throw new PayloadError("Bad request", problems)
  return { settings: set?.data as Record<string, Json> | undefined, secrets: kept?.data }
}

const secretsToKeep = (
  owner: Pick<Integration, "agencyId" | "provider">,
  secrets: Record<string, string>,
) => ({
  secrets: Object.keys(secrets).length ? sealSecrets(owner, secrets) : null,
  secretNames: Object.keys(secrets).sort(),
})

async function exchange(id: string, body: unknown, request: Request) {
  const asked = parse(exchangeRequest, body ?? {})
  const { agencyId, provider } = await there(id)
  const run = await enqueue(
    integrationSync,
    { ...asked, agencyId, provider },
    {},
    { name: `sync-${provider}`, askedBy: actorOf(request), outbox },
  )
  describeChange(request, { target: `integration:${id}`, after: { ...asked, jobId: run.id } })
  return { jobId: run.id, queue, status: run.status, statusUrl: `/api/jobs/${queue}/${run.id}` }
}

async function items(id: string, query: unknown) {
  const { outcome = null, runId = null, before = null, limit } = parse(itemsQuery, query)
  const integration = await there(id)
  return await pageOf(integration.id, { outcome, runId, before, limit })
}

async function blocked(id: string, query: unknown) {
  const { before = null, limit } = parse(itemsQuery.pick({ limit: true, before: true }), query)
  const integration = await there(id)
  const feed = await fromPostgres(findFeed(integration.id), AWAY)
  const page = feed
    ? await pageOf(integration.id, { outcome: "blocked", runId: feed.runId, before, limit })
    : { items: [], next: null }
  return {
    publishedAt: feed?.publishedAt.toISOString() ?? null,
    changedAt: feed?.changedAt.toISOString() ?? null,
    listings: feed?.listings ?? 0,
    blocked: feed?.blocked ?? 0,
    ...page,
  }
}

async function pageOf(integrationId: number, wanted: Parameters<typeof listItems>[1]) {
  const found = await fromPostgres(listItems(integrationId, { ...wanted, limit: wanted.limit + 1 }), AWAY)
  const page = found.slice(0, wanted.limit)
  return { items: page.map(tellItem), next: found.length > wanted.limit ? page.at(-1)!.id : null }
}

/** An integration that was asked for; throws 404 when there is none. */
async function there(id: string): Promise<Integration> {
  const found = isId(id) && (await fromPostgres(findIntegration(Number(id)), AWAY))
  if (found) return found
  throw unknown(id)
}

const unknown = (id: string) => new HttpError(404, `No integration ${id.slice(0, 100)}`)
