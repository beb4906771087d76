import { Elysia } from "elysia"
import { findIntegrationOf } from "../../db/integrations.ts"
import { findFeed, type ListingFeed } from "../../db/listing-feeds.ts"
import { realEstatePortal } from "../../lib/partners/real-estate-portal.ts"
import { contentTypeOf } from "../../lib/storage/key.ts"
import { storage } from "../../lib/storage/storage.ts"
import { documentFeed } from "../documentation/integrations.ts"
import { HttpError } from "../errors.ts"
import { admitPartner } from "../partner.ts"
import { fromPostgres } from "../postgres.ts"

const AWAY = "PostgreSQL, which knows the feeds, does not answer: try again in a moment"

const SLUG = /^[a-z0-9-]{1,200}$/

/** Feeds that portals fetch; the address of each ends with its secret. */
export const feedRoutes = new Elysia().get(
  "/feeds/:agency/vrsync.xml",
  ({ params, request }) => serve(params.agency, request),
  { detail: documentFeed },
)

async function serve(agency: string, request: Request) {
  const token = new URL(request.url).searchParams.get("token") ?? ""
  const found = SLUG.test(agency)
    ? await fromPostgres(findIntegrationOf(agency, realEstatePortal.name), AWAY)
    : undefined
  const { integration } = await admitPartner(
    found,
    ({ feed }, secrets) => feed?.isFor(token, secrets) ?? false,
  )
  // Between the look and the read another feed may have taken its place.
  for (let look = 0; look < 2; look += 1) {
    const feed = await fromPostgres(findFeed(integration.id), AWAY)
    const answer = feed && (await answerWith(feed, request))
    if (answer) return answer
  }
  // Told that there is none, a portal would take everything down.
  throw new HttpError(503, "No feed is published yet: try again later", { "retry-after": "600" })
}

async function answerWith({ sha256, storageKey, size, changedAt }: ListingFeed, request: Request) {
  const headers = {
    // It is this agency's and its portals' alone, and asked after each time.
    "cache-control": "private, no-cache",
    etag: `"${sha256}"`,
    "last-modified": changedAt.toUTCString(),
  }
  if (isKnown(request.headers, sha256, changedAt)) return new Response(null, { status: 304, headers })
  const whole = { ...headers, "content-type": contentTypeOf(storageKey), "content-length": String(size) }
  const body = await storage().get(storageKey)
  return body && new Response(body, { headers: whole })
}

/** Whether who asks has it as it is: RFC 9110, section 13.2.2. */
function isKnown(headers: Headers, sha256: string, changedAt: Date): boolean {
  const tags = headers.get("if-none-match")
  if (tags !== null) return tags.trim() === "*" || tags.includes(`"${sha256}"`)
  const since = Date.parse(headers.get("if-modified-since") ?? "")
  return Math.floor(changedAt.getTime() / 1_000) * 1_000 <= since
}
