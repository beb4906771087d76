import { type CrmItem, type CrmStore, createCrmStore } from "./crm-store.ts"
import { createFailures } from "./failures.ts"

const COLLECTIONS = ["leads", "properties", "contracts"]

interface CrmOptions {
  token: string
  dataDir?: string | undefined
  /** Items of a page at most, whatever is asked for. */
  pageSize?: number
}

/** What was done, by whom it was asked: a list of effects to count. */
interface Effect {
  what: "created" | "updated" | "deleted"
  collection: string
  id: string
  key: string | null
}

/** A simulator of a CRM's interface below `/crm/v1`: pages, cursors that grow old, what was deleted, idempotent creation, its errors. */
export function createCrm({ token, dataDir, pageSize = 500 }: CrmOptions) {
  const store = createCrmStore(dataDir)
  const failures = createFailures()
  const requests: string[] = []
  const effects: Effect[] = []
  let underWay = 0
  const crm = {
    store,
    requests,
    effects,
    /** The most requests that were under way at a time. */
    mostAtATime: 0,
    /** Milliseconds that every answer takes. */
    latency: 0,
    fail: failures.add,
    forgive: failures.clear,
    /** The key that is good now. */
    token,
    /** Why something is not taken; undefined when it is. */
    refuses: (_collection: string, _data: Record<string, unknown>): string | undefined => undefined,
    /** Does what a person does in the CRM. */
    put: (data: Record<string, unknown>, id?: string) => store.put("leads", data, id),
    remove: (id: string) => store.remove("leads", id),
    answer,
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    requests.push(`${request.method} ${pathname.slice("/crm/v1".length)}${search}`)
    underWay += 1
    crm.mostAtATime = Math.max(crm.mostAtATime, underWay)
    try {
      if (crm.latency > 0) await Bun.sleep(crm.latency)
      return await failures.play(request, () => act(request))
    } finally {
      underWay -= 1
    }
  }

  async function act(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const [collection = "", id] = url.pathname.slice("/crm/v1/".length).split("/").map(decodeURIComponent)
    if (request.headers.get("authorization") !== `Bearer ${crm.token}`) return error(401, "bad token")
    if (!COLLECTIONS.includes(collection)) return error(404, "no such collection")
    if (request.method === "GET")
      return id === undefined
        ? list(store, collection, url.searchParams, pageSize)
        : show(store.find(collection, id))
    if (request.method === "DELETE") return remove(collection, id)
    const data = (await request.json()) as Record<string, unknown>
    const why = crm.refuses(collection, data)
    if (why !== undefined) return error(422, why)
    return request.method === "POST"
      ? create(collection, data, request.headers.get("idempotency-key"))
      : update(collection, data, id)
  }

  function create(collection: string, data: Record<string, unknown>, key: string | null) {
    const known = key === null ? undefined : store.state.answered[key]
    if (known !== undefined) return show(store.find(collection, known), 201)
    const item = store.put(collection, data)
    if (key !== null) store.remember(key, item.id)
    effects.push({ what: "created", collection, id: item.id, key })
    return show(item, 201)
  }

  function update(collection: string, data: Record<string, unknown>, id = "") {
    const item = store.find(collection, id)
    if (!item || item.deleted) return error(404, "no such item")
    effects.push({ what: "updated", collection, id, key: null })
    return show(store.put(collection, { ...item.data, ...data }, id))
  }

  function remove(collection: string, id = "") {
    const item = store.find(collection, id)
    if (!item || item.deleted) return error(404, "no such item")
    store.remove(collection, id)
    effects.push({ what: "deleted", collection, id, key: null })
    return new Response(null, { status: 204 })
  }

  return crm
}

export type Crm = ReturnType<typeof createCrm>

const error = (status: number, message: string) => Response.json({ error: message }, { status })

const tell = ({ id, deleted, data }: CrmItem) => (deleted ? { id, deleted } : { ...data, id })

const show = (item: CrmItem | undefined, status = 200) =>
  item && !item.deleted ? Response.json(tell(item), { status }) : error(404, "no such item")

/** A page of all there is, or of what has changed after a cursor; the cursor to go on from stands on the last alone. */
function list(store: CrmStore, collection: string, query: URLSearchParams, pageSize: number) {
  const [cursor, page] = [query.get("cursor"), query.get("page")]
  const limit = Math.min(Number(query.get("limit") ?? 100), pageSize)
  const since = cursor === null ? -1 : Number(/^c(\d+)$/.exec(cursor)?.[1] ?? Number.NaN)
  if (Number.isNaN(since)) return error(400, "no cursor")
  if (cursor !== null && (since < store.state.horizon || since > store.state.changes))
    return error(410, "cursor too old")
  const [, after, until] = (page === null ? null : /^p(\d+)-(\d+)$/.exec(page)) ?? [
    null,
    String(since),
    String(store.state.changes),
  ]
  if (Number(until) < store.state.horizon) return error(410, "page too old")
  const found = store
    .of(collection)
    .filter(
      ({ change, deleted }) => change > Number(after) && change <= Number(until) && !(deleted && since < 0),
    )
    .sort((one, other) => one.change - other.change)
  const items = found.slice(0, limit)
  return Response.json({
    items: items.map(tell),
    ...(found.length > limit
      ? { nextPage: `p${items.at(-1)!.change}-${until}` }
      : { nextCursor: `c${until}` }),
  })
}
