import type { JobDefinition } from "../lib/jobs/define.ts"
import { codeOf } from "../lib/network.ts"
import type { RunStatus } from "../lib/runs.ts"
import { asJson } from "./json.ts"
import { type Db, pool } from "./pool.ts"
import { asRecord, asText, records } from "./records.ts"

/** A run that has ended, as the ledger keeps it: without personal data. Times are milliseconds since 1970. */
export interface RecordedRun {
  id: string
  queue: string
  name: string
  status: "completed" | "failed" | "cancelled" | "timed-out"
  priority: number
  payload: unknown
  /** Of a completed run. */
  result: unknown
  /** Of any other; null of a completed one. */
  error: string | null
  attempts: number
  askedAt: number
  startedAt: number | null
  finishedAt: number
  /** Who asked the API for it. */
  askedBy?: string | null
  /** Where its end is told. */
  callbackUrl?: string | null
}

/** A run as `recordRuns` takes it. */
export const asRow = (run: RecordedRun): string =>
  asRecord([
    run.id,
    run.queue,
    asText(run.name),
    run.status,
    run.priority,
    asJson(run.payload),
    run.result === null ? "" : asJson(run.result),
    asText(run.error ?? ""),
    run.attempts,
    run.askedAt,
    run.startedAt ?? "",
    run.finishedAt,
    asText(run.askedBy ?? ""),
    asText(run.callbackUrl ?? ""),
  ])

/** Record runs that have ended, each a row; not within a transaction. One that ended again later replaces what was recorded, never the other way round. */
export async function recordRuns(rows: string[], db: Db) {
  // By their ids, with which they begin: two who write the same runs must not wait for each other.
  const sorted = rows.toSorted()
  try {
    await db`insert into runs ${columns(db)} ${read(sorted, db)}`
  } catch (error) {
    // Next to no run ends twice, and to be ready for one that has would cost every row a quarter more.
    if (codeOf(error as Error) !== UNIQUE_VIOLATION) throw error
    await replaceRuns(sorted, db)
  }
}

const UNIQUE_VIOLATION = "23505"

async function replaceRuns(rows: string[], db: Db) {
  await db`
    insert into runs as run ${columns(db)}
    select distinct on (id) *
    from (${read(rows, db)}) as ended ${columns(db)}
    order by id, finished_at desc
    on conflict (id) do update
    set queue = excluded.queue, name = excluded.name, status = excluded.status, priority = excluded.priority,
        payload = excluded.payload, result = excluded.result, error = excluded.error, attempts = excluded.attempts,
        asked_at = excluded.asked_at, started_at = excluded.started_at, finished_at = excluded.finished_at,
        asked_by = excluded.asked_by, callback_url = excluded.callback_url
    where run.finished_at < excluded.finished_at
  `
}

const columns = (db: Db) => db`
  (id, queue, name, status, priority, payload, result, error, attempts, asked_at, started_at, finished_at, asked_by,
    callback_url)
`

const read = (rows: string[], db: Db) => db`
  select
    field[1], field[2], field[3], field[4], field[5]::int, field[6]::jsonb, nullif(field[7], '')::jsonb,
    case when field[4] <> 'completed' then field[8] end, field[9]::int,
    to_timestamp(field[10]::float8 / 1000),
    to_timestamp(nullif(field[11], '')::float8 / 1000),
    to_timestamp(field[12]::float8 / 1000),
    nullif(field[13], ''), nullif(field[14], '')
  from ${records(rows, db)} as run
`

/** Those of these finishes, by id and time, that are not recorded: their runs are not, or with an earlier one. */
export async function unrecorded(finishes: { id: string; at: number }[], db: Db): Promise<string[]> {
  const rows = await db<{ id: string }[]>`
    select finish.id
    from unnest(${finishes.map(({ id }) => id)}::text[], ${finishes.map(({ at }) => at)}::bigint[]) as finish (id, at)
    left join runs on runs.id = finish.id
    where runs.id is null or runs.finished_at < to_timestamp(finish.at / 1000.0)
  `
  return rows.map(({ id }) => id)
}

/** A run that has ended, as its status tells it; its payload, result and error are without personal data. */
export async function findRecordedRun(
  queue: JobDefinition["name"],
  id: string,
  db: Db = pool(),
): Promise<RunStatus | undefined> {
  const [run] = await db<RunRow[]>`
    select ${runColumns(db)}
    from runs
    where queue = ${queue} and id = ${id}
  `
  return run && describeRun(run)
}

/** Who asked the API for a run that has ended. */
export async function findAsker(
  queue: JobDefinition["name"],
  id: string,
  db: Db = pool(),
): Promise<string | null> {
  const [run] = await db<{ askedBy: string | null }[]>`
    select asked_by from runs where queue = ${queue} and id = ${id}
  `
  return run?.askedBy ?? null
}

/** Those of these runs that have ended without having done what they were for, and not because somebody wanted that. */
export async function listFailed(ids: string[], db: Db = pool()): Promise<Set<string>> {
  const failed = await db<{ id: string }[]>`
    select id
    from runs
    where id = any(${ids}) and status in ('failed', 'timed-out')
  `
  return new Set(failed.map(({ id }) => id))
}

/** A run as it is read, with its JSON as text: the pool would rename what is in it. */
export type RunRow = Omit<RecordedRun, "priority" | "askedBy" | "callbackUrl" | "payload" | "result"> & {
  payload: string
  result: string | null
}

/** What is read of a run to describe it. */
export const runColumns = (db: Db) => db`
  id, queue, name, status, payload::text, result::text, error, attempts,
  (extract(epoch from asked_at) * 1000)::bigint as asked_at,
  (extract(epoch from started_at) * 1000)::bigint as started_at,
  (extract(epoch from finished_at) * 1000)::bigint as finished_at
`

/** A recorded run, as its status tells it. */
export function describeRun(run: RunRow): RunStatus {
  const status = run.status === "timed-out" ? "failed" : run.status
  return {
    jobId: run.id,
    queue: run.queue,
    name: run.name,
    status,
    progress: { percentage: status === "completed" ? 100 : 0, stage: status, message: "" },
    data: JSON.parse(run.payload),
    returnValue: run.result === null ? null : JSON.parse(run.result),
    failedReason: run.error,
    attemptsMade: run.attempts,
    createdAt: run.askedAt,
    processedOn: run.startedAt,
    finishedOn: run.finishedAt,
  }
}
