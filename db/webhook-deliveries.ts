import { type Db, pool, sidePool } from "./pool.ts"

/** Where it is told that there is something to deliver. */
export const CALLBACK_CHANNEL = "esteira_callbacks"

/** A delivery that is to be tried now. */
export interface DueDelivery {
  id: string
  url: string
  host: string
  body: string
  /** 1 at the first. */
  attempt: number
  /** The same, since it was last asked to be sent again. */
  turn: number
}

interface Wanted {
  limit: number
  /** Of one host at most. */
  perHost: number
  /** Hosts that nothing more is to be sent to for now. */
  busy: string[]
  /** Milliseconds after which a delivery that was taken is anybody's again. */
  lease: number
}

/** Rows that are looked at for those. */
const LOOKED_AT = 2_000

/** Take deliveries that are due, soonest first; none that another worker has. */
export const takeDue = async ({ limit, perHost, busy, lease }: Wanted, db: Db = sidePool()) =>
  await db<DueDelivery[]>`
    with soonest as (
      select id, host, due_at
      from webhook_deliveries
      where status = 'pending' and due_at <= now() and host <> all(${busy}::text[])
      order by due_at
      limit ${LOOKED_AT}
    ),
    in_turn as (
      select id, row_number() over (partition by host order by due_at, id) as turn from soonest
    ),
    due as (
      select delivery.id
      from webhook_deliveries as delivery
      join in_turn using (id)
      where turn <= ${perHost} and status = 'pending' and delivery.due_at <= now()
      order by delivery.due_at
      limit ${limit}
      for update of delivery skip locked
    )
    update webhook_deliveries as delivery
    set attempts = attempts + 1, taken_at = now(), due_at = now() + ${lease} * interval '1 millisecond'
    from due
    where delivery.id = due.id
    returning delivery.id, url, host, body, attempts as attempt, attempts - attempts_before as turn
  `

/** What came of a try: the answer's status, or why there was none. */
export interface Tried {
  at: number
  /** Milliseconds. */
  took: number
  status?: number
  error?: string
}

/** Milliseconds until the next delivery is due; null when there is none. */
export async function nextDelivery(busy: string[], db: Db = sidePool()): Promise<number | null> {
  const [row] = await db<{ rest: number | null }[]>`
    select extract(epoch from min(due_at) - now())::float8 * 1000 as rest
    from webhook_deliveries
    where status = 'pending' and host <> all(${busy}::text[])
  `
  return row!.rest
}

/** Note what came of a try: it is delivered, or tried again after `retryIn` milliseconds, or given up. */
export async function noteTry(
  { id, attempt }: DueDelivery,
  tried: Tried,
  next: "delivered" | "failed" | { retryIn: number },
  db: Db = sidePool(),
) {
  const status = typeof next === "string" ? next : "pending"
  const retryIn = typeof next === "string" ? 0 : next.retryIn
  await db`
    update webhook_deliveries
    set status = ${status}, taken_at = null, log = log || ${JSON.stringify([tried])}::text::jsonb,
      due_at = now() + ${retryIn} * interval '1 millisecond',
      ended_at = case when ${status} = 'pending' then null else now() end
    where id = ${id} and status = 'pending' and attempts = ${attempt}
  `
}

/**
 * Have a delivery of a run sent now, whatever became of it, and tried as often as at first; the same when that was asked before.
 * `busy` when it is being sent, false when there is none.
 */
export async function resendDelivery(
  { queue, runId, id }: { queue: string; runId: string; id: string },
  db = pool(),
): Promise<Delivery | "busy" | false> {
  return await db.begin(async (tx) => {
    const [found] = await tx<{ isBusy: boolean }[]>`
      select taken_at is not null and due_at > now() as is_busy
      from webhook_deliveries
      where id = ${id} and run_id = ${runId} and queue = ${queue}
      for update
    `
    if (!found) return false
    if (found.isBusy) return "busy"
    await tx`
      update webhook_deliveries
      set status = 'pending', taken_at = null, due_at = now(), ended_at = null, attempts_before = attempts
      where id = ${id}
    `
    await tx`select pg_notify(${CALLBACK_CHANNEL}, '')`
    const [delivery] = await findDeliveries(queue, runId, { id, db: tx })
    return delivery!
  })
}

/** A delivery as it is told. Times are milliseconds since 1970. */
export interface Delivery {
  id: string
  url: string
  status: "pending" | "delivered" | "failed"
  attempts: number
  log: Tried[]
  createdAt: number
  /** Null when it is not tried again. */
  dueAt: number | null
}

/** What was, or is to be, told of a run, latest first; with an `id`, that one alone. */
export async function findDeliveries(
  queue: string,
  runId: string,
  { id = null, db = pool() }: { id?: string | null; db?: Db } = {},
): Promise<Delivery[]> {
  const rows = await db<(Omit<Delivery, "log"> & { log: string })[]>`
    select id, url, status, attempts, log::text, (extract(epoch from created_at) * 1000)::bigint as created_at,
      case when status = 'pending' then (extract(epoch from due_at) * 1000)::bigint end as due_at
    from webhook_deliveries
    where run_id = ${runId} and queue = ${queue} and (${id}::uuid is null or id = ${id})
    order by finished_at desc
    limit 100
  `
  return rows.map(({ log, ...delivery }) => ({ ...delivery, log: JSON.parse(log) }))
}
