import { createHash, hash } from "node:crypto"
import { findFeed, notePublished, type Published, publishFeed } from "../../db/listing-feeds.ts"
import { findAdvertiser, listListings } from "../../db/listings.ts"
import type { Partner } from "../../lib/partners/define.ts"
import type { Header } from "../../lib/partners/listing.ts"
import { storage } from "../../lib/storage/storage.ts"
import { type Sync, scopeOf } from "./context.ts"
import { Withdrawn } from "./lease.ts"

type Feed = NonNullable<Partner["feed"]>

/** Listings that are read at a time. */
const BATCH = 500

/** Publish what the agency offers: all that nothing is wrong with, in the place of the feed before, and why the rest is not in it. */
export async function publish(feed: Feed, sync: Sync) {
  const { integration, run, signal } = sync
  const storageKey = `feeds/${integration.id}/${run.id}.xml`
  const made = makeFeed(feed, await headerOf(integration.agencyId), sync)
  const size = await storage().put(storageKey, made.document(), { signal })
  const { sha256, published, blocked } = made.outcome()

  const before = await findFeed(integration.id)
  const isSame = before?.sha256 === sha256 && (await storage().head(before.storageKey)) !== undefined
  const file = isSame ? before : { storageKey, size, changedAt: new Date() }
  const keep = sync.commit(async (tx) => {
    const counts = { listings: published.length, blocked: blocked.length }
    await publishFeed(
      integration.id,
      {
        runId: run.id,
        sha256,
        ...counts,
        storageKey: file.storageKey,
        size: file.size,
        changedAt: file.changedAt,
      },
      tx,
    )
    const scope = scopeOf(sync, "property")
    await notePublished(
      { ...scope, integrationId: integration.id, runId: run.id },
      { published, blocked },
      tx,
    )
  })
  await keep.catch(async (error) => {
    // Nothing names it, and nothing will: only a run of an integration that is there writes over its own.
    if (error instanceof Withdrawn && storageKey !== before?.storageKey) await storage().delete(storageKey)
    throw error
  })
  // A run that is tried again has written over the file that it had published itself.
  for (const key of [storageKey, before?.storageKey])
    if (key && key !== file.storageKey) await storage().delete(key)
  run.log(`${published.length} listings are in the feed, ${blocked.length} are not`, { isNew: !isSame })
}

function makeFeed(feed: Feed, header: Header, { integration, line, signal }: Sync) {
  const published: Published[] = []
  const blocked: { localId: number; reasons: string[] }[] = []
  const digest = createHash("sha256")
  const { settings } = line
  const bytes = (text: string) => new TextEncoder().encode(text)

  async function* document() {
    digest.update(feed.open({ ...header, publishedAt: "" }, settings))
    yield bytes(feed.open(header, settings))
    for (let after = 0; ; ) {
      signal.throwIfAborted()
      const listings = await listListings(integration.agencyId, { after, limit: BATCH })
      for (const listing of listings) {
        const { id: localId, code } = listing
        const reasons = feed.faultsOf(listing, header, settings)
        if (reasons.length) blocked.push({ localId, reasons })
        else {
          const text = feed.listing(listing, header, settings)
          digest.update(text)
          published.push({ localId, externalId: code, contentHash: hash("sha256", text) })
          yield bytes(text)
        }
      }
      if (listings.length < BATCH) break
      after = listings.at(-1)!.id
    }
    yield bytes(feed.close())
  }
  return { document, outcome: () => ({ sha256: digest.digest("hex"), published, blocked }) }
}

async function headerOf(agencyId: number): Promise<Header> {
  const { agency, email, phone, timeZone } = await findAdvertiser(agencyId)
  // Sweden writes moments as ISO 8601 does.
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" })
  return { agency, email, phone, publishedAt: clock.format(new Date()).replace(" ", "T") }
}
