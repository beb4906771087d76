import { z } from "zod"
import { digestOf } from "../digest.ts"
import { normalUrl, outwardUrl } from "../outward/url.ts"
import type { Change, Line, Pulled } from "./define.ts"
import { definePartner } from "./define.ts"
import { ItemRefused } from "./errors.ts"
import { lead } from "./lead.ts"
import { sharedSecret } from "./secret.ts"

/** Items of a page. */
const PAGE = 200

/** A text that PostgreSQL gives back as it came. */
const exact = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((given) => !given.includes("\0") && given.isWellFormed(), {
      error: "a text that can be kept as it is",
    })

const externalId = exact(200)
const token = exact(2_000)

/** Items are looked at one by one: what is wrong with one does not keep the others. */
const page = z.object({
  items: z.array(z.unknown()).max(1_000),
  nextPage: token.nullish(),
  nextCursor: token.nullish(),
})

const item = z.object({ id: externalId, deleted: z.boolean().default(false) })

const settings = z.strictObject({
  url: outwardUrl.describe("where its interface is, up to what stands before /leads"),
})
const secrets = z.strictObject({ token: sharedSecret.describe("the key that it is asked with") })

type CrmLine = Line<z.output<typeof settings>, z.output<typeof secrets>>

/**
 * A CRM with an interface of the usual kind: lists in pages with a cursor for what has changed since, what was deleted in them,
 * 410 when a cursor is too old; items made by POST with an Idempotency-Key, changed by PUT, removed by DELETE.
 */
export const crm = definePartner({
  name: "crm",
  title: "CRM",
  settings,
  secrets,
  account: ({ settings }) => normalUrl(settings.url),
  perSecond: 5,
  pull: {
    entities: ["lead"],
    async page(place, line) {
      const query = new URLSearchParams({ limit: String(PAGE) })
      if (place.cursor) query.set("cursor", place.cursor)
      if (place.page) query.set("page", place.page)
      const { body } = await line.ask({
        method: "GET",
        url: urlOf(line, `leads?${query}`),
        headers: keyOf(line),
      })
      const read = page.safeParse(body)
      if (!read.success) throw new Error(`The CRM's page is none: ${z.prettifyError(read.error)}`)
      const { items, nextPage, nextCursor } = read.data
      return { items: items.map(readItem), page: nextPage ?? undefined, cursor: nextCursor ?? undefined }
    },
    async one(id, line) {
      const url = urlOf(line, `leads/${encodeURIComponent(id)}`)
      const { status, body } = await line.ask({ method: "GET", url, headers: keyOf(line), also: [404, 410] })
      return status === 200 ? { ...readItem(body), externalId: id } : { externalId: id, gone: true }
    },
  },
  push: {
    entities: ["lead", "property", "contract"],
    tells: "all",
    async send(change, line) {
      if (change.what === "deleted") return await remove(change, line)
      const { status, body } = await write(change, line)
      if (status === 404 || status === 410) return "gone"
      // A change need not be answered with what it has come to.
      const externalId = body === undefined && change.externalId ? change.externalId : idOf(body)
      const told = change.entity === "lead" && body !== undefined ? readItem(body) : undefined
      return { externalId, lead: told && "lead" in told ? told.lead : undefined }
    },
  },
})

const PATHS = { lead: "leads", property: "properties", contract: "contracts" } as const

const urlOf = ({ settings }: CrmLine, path: string) => `${settings.url.replace(/\/+$/, "")}/${path}`

const keyOf = ({ secrets }: CrmLine) => ({ authorization: `Bearer ${secrets.token}` })

const placeOf = ({ entity, externalId }: Change, line: CrmLine) =>
  urlOf(line, `${PATHS[entity]}/${encodeURIComponent(externalId!)}`)

/** Changed where it is, or made there: once, however often it is asked for under this key. */
function write(change: Change, line: CrmLine) {
  const { entity, content, key, externalId } = change
  const authorized = keyOf(line)
  if (externalId !== null)
    return line.ask({
      method: "PUT",
      url: placeOf(change, line),
      headers: authorized,
      body: content,
      also: [404, 410],
    })
  const headers = { ...authorized, "idempotency-key": key }
  return line.ask({ method: "POST", url: urlOf(line, PATHS[entity]), headers, body: content })
}

async function remove(change: Change, line: CrmLine) {
  await line.ask({ method: "DELETE", url: placeOf(change, line), headers: keyOf(line), also: [404, 410] })
  return { externalId: change.externalId! }
}

function idOf(body: unknown) {
  const read = item.safeParse(body)
  if (read.success) return read.data.id
  throw new ItemRefused("the CRM has taken it, and does not say under which id")
}

/** One item of a page. One without an id cannot be known again: it is told by what there is of it. */
function readItem(given: unknown): Pulled {
  const known = item.safeParse(given)
  if (!known.success)
    return {
      externalId: `?${digestOf(JSON.stringify(given)).slice(0, 12)}`,
      fault: `no item: ${z.prettifyError(known.error)}`.slice(0, 500),
    }
  const { id, deleted } = known.data
  if (deleted) return { externalId: id, gone: true }
  const read = lead.safeParse(given)
  if (read.success) return { externalId: id, lead: read.data }
  return { externalId: id, fault: z.prettifyError(read.error).slice(0, 500) }
}
