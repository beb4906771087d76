import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { integrationSync } from "../../lib/jobs/integration-sync.ts"
import { like } from "../../lib/like.ts"
import { LEAD_LIMIT, tooLarge } from "../body.ts"
import { toldChange, toldFeed, toldIntegration, toldItem } from "../integrations.ts"
import {
  exchangeRequest,
  integrationChange,
  integrationsQuery,
  itemsQuery,
  newIntegration,
} from "../requests/integrations.ts"
import { errors, invalid } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { json } from "./json.ts"
import { done, inPath, inQuery, next } from "./parts.ts"

const tags = [integrationSync.name]
const id = inPath("id")

const away = { 503: "PostgreSQL does not answer" }
const sealing = { 503: "PostgreSQL does not answer, or SECRETS_KEY is not set" }
const unknown = { 404: ["No such integration", "No integration 12"] } as const

const shown = {
  ...{ id: 12, agencyId: 1, provider: "real-estate-portal", enabled: true, status: "ok", reason: null },
  ...{ settings: { displayAddress: "Neighborhood" }, secretNames: ["feedToken", "leadSecret"] },
  ...{ lastSyncedAt: "2026-02-10T12:00:03.000Z", begunAt: "2026-01-12T18:04:11.000Z" },
  ...{ createdAt: "2026-01-12T18:04:11.000Z", updatedAt: "2026-01-12T18:04:11.000Z" },
} satisfies z.output<typeof toldIntegration>

const told = like(toldIntegration, shown)
const changed = like(toldChange, { ...shown, jobId: RUN_ID })

const disabled = like(toldChange, { ...shown, enabled: false, status: "disabled", jobId: null })

const items = z.array(
  like(toldItem, {
    ...{ id: 12, runId: RUN_ID, direction: "push", entity: "property", item: "1002", localId: 1002 },
    ...{
      outcome: "blocked",
      reasons: ["its title has 7 characters: 10 to 100 are taken"],
      createdAt: "2026-02-10T12:00:03.000Z",
    },
  }),
)

/** The reference's page on integrations. */
export const documentIntegrations = (): DocumentDecoration => ({
  tags,
  summary: "What agencies exchange with partners",
  operationId: "list-integrations",
  parameters: inQuery(integrationsQuery),
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(z.object({ integrations: z.array(told), next }), "output"),
    },
    ...errors({ 400: "No such page", ...away }),
  },
})

/** The reference's page on one integration. */
export const documentIntegration = (): DocumentDecoration => ({
  tags,
  summary: "An integration, and how it stands",
  operationId: "integration",
  parameters: [id],
  responses: {
    200: { description: "The integration", content: json(told, "output") },
    ...errors({ ...away, ...unknown }),
  },
})

/** The reference's page on a new integration. */
export const documentNewIntegration = (): DocumentDecoration => ({
  tags,
  summary: "Have an agency exchange something with a partner, from now on",
  operationId: "create-integration",
  requestBody: {
    required: true,
    content: json(newIntegration, "input", {
      agencyId: 1,
      provider: "real-estate-portal",
      settings: { displayAddress: "Neighborhood" },
      secrets: { feedToken: "a-long-random-text", leadSecret: "another-long-random-text" },
    }),
  },
  responses: {
    201: { description: "The integration", content: json(changed, "output") },
    ...errors({
      400: "Not what the provider takes, or nothing is exchanged with it yet",
      ...away,
      404: ["No such agency", "No agency 12"],
      409: [
        "The agency has an integration with this provider already",
        "Agency 1 has an integration with real-estate-portal already: change that",
      ],
      ...sealing,
    }),
  },
})

/** The reference's page on changing an integration. */
export const documentIntegrationChange = (): DocumentDecoration => ({
  tags,
  summary: "Give an integration other settings or secrets, or another account; it is exchanged with at once",
  description:
    "With another URL of the partner's it is taken for another account, unless `anew` says otherwise: what both sides call the same thing, and where to go on, is forgotten, and a partner that is told of all there is is told of it as new.",
  operationId: "change-integration",
  parameters: [id],
  requestBody: {
    required: true,
    content: json(integrationChange, "input", { settings: { displayAddress: "All" } }),
  },
  responses: {
    200: { description: "The integration", content: json(changed, "output") },
    ...errors({ 400: "Not what the provider takes", ...away, ...unknown, ...sealing }),
  },
})

/** The reference's page on removing an integration. */
export const documentRemoval = (): DocumentDecoration => ({
  tags,
  summary: "Remove an integration, with all that is known by it; what was exchanged stays on both sides",
  description:
    "Its secrets, its cursors, what both sides call the same thing, what became of items, and its feed with its address are gone: the feed and its webhook answer 401. Leads that came by it stay. A run under way ends as skipped before it writes anything more, one that waits fails, since there is no such integration. One made anew with the same partner begins anew, and is told all again.",
  operationId: "remove-integration",
  parameters: [id],
  responses: {
    200: {
      description: "It is removed",
      content: json(done("The integration is removed"), "output"),
    },
    ...errors({ ...away, ...unknown }),
  },
})

/** The reference's page on enabling an integration, or disabling it. */
export const documentSwitch = (verb: "enable" | "disable"): DocumentDecoration => ({
  tags,
  summary:
    verb === "enable"
      ? "Enable an integration, and exchange with it at once; one in error is tried again"
      : "Disable an integration: its runs are skipped, and one under way ends with what it is at",
  operationId: `${verb}-integration`,
  parameters: [id],
  responses: {
    200: { description: "The integration", content: json(verb === "enable" ? changed : disabled, "output") },
    ...errors({ ...away, ...unknown }),
  },
})

const asked = z.object({
  jobId: z.uuid(),
  queue: z.literal(integrationSync.name),
  status: z.enum(["enqueued", "accepted"]),
  statusUrl: like(z.string(), `/api/jobs/${integrationSync.name}/${RUN_ID}`),
})

/** The reference's page on exchanging now. */
export const documentExchange = (): DocumentDecoration => ({
  tags,
  summary: "Exchange now what there is to exchange",
  operationId: "run-integration",
  parameters: [id],
  requestBody: { required: false, content: json(exchangeRequest, "input", { action: "push" }) },
  responses: {
    202: { description: "A run is asked for", content: json(asked, "output") },
    ...errors({
      400: "The body is not what is asked for",
      ...away,
      ...unknown,
      503: "Redis or PostgreSQL does not answer",
    }),
  },
})

/** The reference's page on what became of items. */
export const documentItems = (): DocumentDecoration => ({
  tags,
  summary: "What became of each item that was exchanged, latest first",
  operationId: "list-integration-items",
  parameters: [id, ...inQuery(itemsQuery)],
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(z.object({ items, next }), "output"),
    },
    ...errors({ 400: "No such page", ...away, ...unknown }),
  },
})

const feed = toldFeed.extend({
  listings: like(toldFeed.shape.listings, 58),
  blocked: like(toldFeed.shape.blocked, 1),
  items,
  next,
})

/** The reference's page on the listings that are not in a feed. */
export const documentBlocked = (): DocumentDecoration => ({
  tags,
  summary: "The feed as it was published last, and the listings that are not in it, with why",
  operationId: "list-blocked-listings",
  parameters: [id, ...inQuery(itemsQuery.pick({ limit: true, before: true }))],
  responses: {
    200: { description: "A page of them; `next` is null on the last", content: json(feed, "output") },
    ...errors({ 400: "No such page", ...away, ...unknown }),
  },
})

const isDisabled = ["The integration is disabled", "Forbidden: this integration is disabled"] as const

/** The reference's page on the feed of an agency. */
export const documentFeed: DocumentDecoration = {
  tags: ["feeds"],
  security: [],
  summary: "What an agency offers, as VRSync; the portals fetch it",
  operationId: "vrsync",
  parameters: [
    { ...inPath("agency"), description: "the agency's slug" },
    {
      name: "token",
      in: "query",
      required: true,
      description: "the agency's feedToken",
      schema: { type: "string" },
    },
  ],
  responses: {
    200: { description: "The feed", content: { "application/xml": {} } },
    304: { description: "It has not changed since" },
    ...errors({
      401: "No such feed, or another token",
      403: isDisabled,
      503: [
        "No feed is published yet, or PostgreSQL does not answer",
        "No feed is published yet: try again later",
      ],
    }),
  },
}

const lead = z.looseObject({
  clientListingId: z.string(),
  originLeadId: z.string(),
  leadOrigin: z.string().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
  ddd: z.string().optional(),
  phone: z.string().optional(),
  message: z.string().optional(),
})

/** The reference's page on leads that come by themselves. */
export const documentInbound: DocumentDecoration = {
  tags: ["webhooks"],
  security: [],
  summary: "A lead, as a partner sends it: kept once, however often it comes",
  description:
    "What the portals of Grupo OLX send, with `Basic vivareal:SECRET`; of `zapier`, `{id, name, email, phone, message, propertyCode}` with the inboundSecret as bearer token, or signed as Standard Webhooks has it. It is never answered 404: portals would no longer send anything.",
  operationId: "inbound-lead",
  parameters: [{ ...inPath("integration"), description: "the id of the integration" }],
  requestBody: {
    required: true,
    content: json(lead, "input", {
      leadOrigin: "VivaReal",
      timestamp: "2026-02-10T17:30:00.000Z",
      originLeadId: "59ee0fc6e4b043e1b2a6d863",
      originListingId: "87027856",
      clientListingId: "AR1001",
      name: "Ana Beatriz Moreira",
      email: "ana@example.com",
      ddd: "44",
      phone: "999123456",
      message: "Gostaria de visitar o imóvel.",
    }),
  },
  responses: {
    200: {
      description: "It is kept",
      content: json(done("The lead is kept"), "output"),
    },
    ...errors({
      400: [
        "The body is no lead: clientListingId is missing, or there is nobody in it",
        invalid("clientListingId", "the ListingID of the feed, which the lead is about"),
      ],
      401: "Not from who has the secret, or no such integration",
      403: isDisabled,
      413: ["The body is too large", tooLarge(LEAD_LIMIT).message],
      415: "The body is not JSON",
      503: [
        "It cannot be kept now: send it again",
        "PostgreSQL, which keeps the leads, does not answer: send it again in a moment",
      ],
    }),
  },
}
