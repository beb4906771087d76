import type postgres from "postgres"
import { asJson } from "./json.ts"
import { type Db, sidePool } from "./pool.ts"

export interface Effect {
  /** Whether it is done; its result is then there. */
  done: boolean
  result: postgres.JSONValue
  /** Whether the claim is the caller's, who may go ahead. */
  mine: boolean
}

/** Claim an effect of a run for so many milliseconds, unless it is done or another's claim still holds. */
export async function claimEffect(
  { runId, key, claim, lease }: { runId: string; key: string; claim: string; lease: number },
  db: Db = sidePool(),
): Promise<Effect> {
  const [mine] = await db`
    insert into effects as effect (run_id, key, claimed_by, claimed_until)
    values (${runId}, ${key}, ${claim}, now() + ${lease} * interval '1 millisecond')
    on conflict (run_id, key) do update
    set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
    where effect.done_at is null and effect.claimed_until <= now()
    returning 1
  `
  if (mine) return { done: false, result: null, mine: true }
  const [found] = await db<{ done: boolean; result: postgres.JSONValue }[]>`
    select done_at is not null as done, result
    from effects
    where run_id = ${runId} and key = ${key}
  `
  // Given up in between: it can be claimed at the next try.
  return { done: false, result: null, ...found, mine: false }
}

/** Keep a claim for so many milliseconds more. */
export async function renewEffect(
  { runId, key, claim, lease }: { runId: string; key: string; claim: string; lease: number },
  db: Db = sidePool(),
) {
  await db`
    update effects
    set claimed_until = now() + ${lease} * interval '1 millisecond'
    where run_id = ${runId} and key = ${key} and claimed_by = ${claim} and done_at is null
  `
}

/** Give a claim up: the effect may be tried again. */
export async function releaseEffect(runId: string, key: string, claim: string, db: Db = sidePool()) {
  await db`
    delete from effects
    where run_id = ${runId} and key = ${key} and claimed_by = ${claim} and done_at is null
  `
}

/** Record that an effect is done. Returns its result: an earlier record of it stands. */
export async function finishEffect(
  { runId, key, claim, result }: { runId: string; key: string; claim: string; result: postgres.JSONValue },
  db: Db = sidePool(),
): Promise<postgres.JSONValue> {
  const value = result === null ? null : asJson(result)
  const [row] = await db<[{ result: postgres.JSONValue }]>`
    insert into effects as effect (run_id, key, claimed_by, claimed_until, result, done_at)
    values (${runId}, ${key}, ${claim}, now(), ${value}::text::jsonb, now())
    on conflict (run_id, key) do update
    set result = case when effect.done_at is null then excluded.result else effect.result end,
        done_at = coalesce(effect.done_at, excluded.done_at)
    returning result
  `
  return row.result
}
