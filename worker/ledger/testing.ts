import { z } from "zod"
import type { Db } from "../../db/pool.ts"
import { defineJob, type JobDefinition } from "../../lib/jobs/define.ts"
import { email } from "../../lib/jobs/email.ts"
import type { EndedTry } from "../observer.ts"

/** The end of a try of a mail's run, as a worker tells it. */
export function endedTry(given: Partial<EndedTry> = {}, queued: Partial<EndedTry["queued"]> = {}): EndedTry {
  const now = Date.now()
  const payload = email.payload.parse(email.example)
  return {
    job: email,
    queued: {
      id: crypto.randomUUID(),
      name: "email",
      data: payload,
      opts: { priority: 5 },
      attemptsMade: 1,
      timestamp: now - 3,
      processedOn: now - 2,
      finishedOn: now,
      ...queued,
    } as EndedTry["queued"],
    payload,
    attempt: 1,
    startedAt: now - 2,
    endedAt: now,
    lines: [],
    stages: [],
    outcome: "completed",
    result: { sent: 1, suppressed: 0, messageId: "message-1" },
    ...given,
  }
}

/** The run that a row tells of. */
export function readRow(row: string) {
  const [
    id,
    queue,
    name,
    status,
    priority,
    payload,
    result,
    error,
    attempts,
    askedAt,
    startedAt,
    finishedAt,
  ] = row.split("\x1f") as string[]
  return {
    id,
    queue,
    name,
    status,
    priority: Number(priority),
    payload: JSON.parse(payload!),
    result: result === "" ? null : JSON.parse(result!),
    error: status === "completed" ? null : error,
    attempts: Number(attempts),
    askedAt: Number(askedAt),
    startedAt: Number(startedAt),
    finishedAt: Number(finishedAt),
  }
}

/** A job of a name of its own. */
export const jobNamed = (name: string): JobDefinition =>
  defineJob({
    name,
    summary: "Do what the test says",
    payload: z.object({ n: z.int() }),
    result: z.object({ n: z.int() }),
    example: { n: 1 },
    concurrency: 20,
    backoff: { type: "fixed", delay: 10 },
  })

/** Ids of the runs of a queue that are in the ledger, in order. */
export async function recordedIds(queue: string, db: Db) {
  const rows = await db<{ id: string }[]>`select id from runs where queue = ${queue} order by id`
  return rows.map(({ id }) => id)
}
