import type { Db } from "./pool.ts"

/** Something that happened in a run, without personal data. `at` is milliseconds since 1970; `place` tells apart what happened in one of them. */
export interface RunEvent {
  runId: string
  at: number
  kind: "attempt" | "log" | "stage"
  attempt: number
  place: number
  data: Record<string, unknown>
}

/** Record events, each as JSON of a RunEvent. What is recorded already stays as it is. */
export async function recordEvents(events: string[], db: Db) {
  await db`
    insert into run_events (run_id, at, kind, attempt, place, data)
    select "runId", to_timestamp(at / 1000.0), kind, attempt, place, data
    from jsonb_to_recordset(${`[${events.join()}]`}::text::jsonb) as event (
      "runId" text, at bigint, kind text, attempt int, place int, data jsonb
    )
    order by "runId", at
    on conflict (run_id, at, kind, place) do nothing
  `
}
