import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { findOperation } from "../../db/bulk-operations.ts"
import { pool } from "../../db/pool.ts"
import { cancelRun } from "../../lib/cancel.ts"
import { plantEnded } from "../../lib/control/testing.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueClient, queueOf } from "../../lib/queues.ts"
import { untilReady } from "../../lib/redis/connect.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { keepBulk } from "../../worker/bulk/bulk.ts"
import { enqueued } from "../../worker/testing.ts"

const headers = { authorization: "Bearer est_a_key_for_the_tests" }

describe.each(Object.keys(runtimes) as Runtime[])(
  "retrying all failed runs of a queue, on %s,",
  (runtime) => {
    let api: Service
    beforeAll(async () => {
      await untilReady(queueClient())
      api = await (await startService(runtimes[runtime])).up()
    })
    afterEach(async () => {
      await queueOf(email).obliterate({ force: true })
      await pool()`truncate runs, bulk_operations, bulk_runs, ledger_watermarks`
    })
    afterAll(() => api.stop())

    const retryAll = async (queue = "email") => {
      const response = await fetch(`${api.url}/api/admin/jobs/retry-all/${queue}`, {
        method: "POST",
        headers,
      })
      return [response.status, await response.json()] as [number, { count: number; operation: number }]
    }
    const fail = (runs: number) =>
      plantEnded(
        email,
        Array.from({ length: runs }, (_, index) => ({
          state: "failed" as const,
          at: Date.now() - 10_000 - index,
        })),
      )
    const cancelled = async () => {
      const mail = { to: "a@example.com", template: "welcome", data: { userName: "A" } } as const
      const { id } = await enqueue(email, mail)
      await cancelRun(email, id, { actor: "ana" })
    }

    test("is begun at once, and done by the workers; what was cancelled stays so", async () => {
      const ids = await fail(7)
      await cancelled()
      const [status, answer] = await retryAll("email-send")
      expect([status, answer]).toEqual([
        200,
        {
          success: true,
          message: "The failed runs on queue email are retried, one after the other: 7",
          count: 7,
          operation: expect.any(Number),
          statusUrl: `/api/admin/bulk/${answer.operation}`,
        } as never,
      ])
      expect(await enqueued("email")).toEqual([])

      const bulk = keepBulk({ connection: queueClient() })
      const ended = async () => (await findOperation(answer.operation))?.endedAt
      expect(await until(async () => Boolean(await ended()), 10_000)).toBe(true)
      await bulk.stop()
      expect(await findOperation(answer.operation)).toMatchObject({
        status: "completed",
        outcomes: { retried: 7 },
        startedBy: "admin",
      })
      expect((await enqueued("email")).map(({ id }) => id).sort()).toEqual(ids.sort())
      expect(await queueOf(email).getFailedCount()).toBe(1)
    })

    test("has nothing to do where none has failed", async () => {
      await cancelled()
      const nothing = [200, { success: true, message: "No run on queue email has failed", count: 0 }] as never
      expect(await retryAll()).toEqual(nothing)
      expect(await retryAll("mail")).toEqual([400, { error: "Invalid queue name" }] as never)
    })
  },
)
