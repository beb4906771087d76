import { afterEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { validate, version } from "uuid"
import { z } from "zod"
import { freePort } from "../sandbox/ports.ts"
import { startRedis } from "../sandbox/redis/server.ts"
import { temporaryFolder, withRedisAt } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import { enqueued } from "../worker/testing.ts"
import { templateNames } from "./emails/index.ts"
import { enqueue, PAYLOAD_LIMIT, type QueuedRun } from "./enqueue.ts"
import { EnqueueUnconfirmed, PayloadError, PayloadTooLarge } from "./errors.ts"
import type { Json } from "./jobs/define.ts"
import { email } from "./jobs/email.ts"
import { queueClient, queueOf } from "./queues.ts"
import { untilReady } from "./redis/connect.ts"

const anyPayload = z.record(z.string(), z.string())
const mail = { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } } as const
const dataDir = temporaryFolder

afterEach(() => queueOf(email).obliterate({ force: true }))

function problemsWith(data: unknown, options?: object) {
  return enqueue(email, data as never, options).then(
    () => [],
    (error: PayloadError) => error.problems,
  )
}

describe("a run asked for", () => {
  test("has a UUIDv7, the canonical payload, the defaults and its job's name", async () => {
    const run = await enqueue(email, mail)
    expect(validate(run.id) && version(run.id)).toBe(7)
    expect(run).toMatchObject({ queue: "email", name: "email", status: "enqueued" })

    const queued = await queueOf(email).getJob(run.id)
    expect(queued).toMatchObject({
      name: "email",
      data: { to: ["ana@example.com"], template: "welcome", data: { userName: "Ana" }, locale: "pt-BR" },
      opts: {
        priority: 5,
      },
    })
  })

  test("keeps its keys in one slot of a cluster", async () => {
    const { id } = await enqueue(email, mail)
    expect(await queueClient().exists(`bull:{email}:email:${id}`)).toBe(1)
  })

  test("is served by priority: named or numbered, in the payload or in the options, 5 unless said", async () => {
    await enqueue(email, { ...mail, priority: "low" }, {}, { name: "low" })
    await enqueue(email, mail, {}, { name: "unsaid" })
    await enqueue(email, { ...mail, priority: "low" }, { priority: "high" }, { name: "high" })
    await enqueue(email, mail, { priority: 3 }, { name: "3" })
    expect((await enqueued("email")).map(({ name, priority }) => [name, priority])).toEqual([
      ["high", 1],
      ["3", 3],
      ["unsaid", 5],
      ["low", 10],
    ])
  })

  test("may be delayed by a part of a millisecond, and tried another number of times", async () => {
    const { id } = await enqueue(email, mail, { delay: 59_999.7, attempts: 7 })
    const queued = await queueOf(email).getJob(id)
    expect(queued?.opts).toMatchObject({ delay: 60_000, attempts: 7 })
    expect(await queued?.getState()).toBe("delayed")
  })
})

describe("what the job does not take", () => {
  test("is refused with each path", async () => {
    expect(
      await problemsWith({ ...mail, to: "ana", data: { userName: 7, loginUrl: "javascript:alert(1)" } }),
    ).toEqual([
      { path: "to", message: "an e-mail address, such as ana@example.com" },
      { path: "data.userName", message: expect.stringContaining("expected string") },
      { path: "data.loginUrl", message: expect.any(String) },
    ])
  })

  test("is refused with the templates there are", async () => {
    expect(await problemsWith({ ...mail, template: "welcom" })).toEqual([
      { path: "template", message: `one of the templates ${templateNames.join(", ")}` },
    ])
  })

  test("is refused with a NUL character in it, which PostgreSQL would not take", async () => {
    expect(await problemsWith({ ...mail, data: { userName: "A\0na" } })).toEqual([
      { path: "data.userName", message: "a text without NUL characters" },
    ])
  })

  test("is refused where it has fields that nobody reads", async () => {
    expect(await problemsWith({ ...mail, subjet: "Oi" })).toEqual([
      { path: "", message: 'Unrecognized key: "subjet"' },
    ])
  })

  test.each([
    [{ priority: 0 }, "options.priority"],
    [{ priority: "urgent" }, "options.priority"],
    [{ delay: -1 }, "options.delay"],
    [{ delay: Number.NaN }, "options.delay"],
    [{ attempts: 1.5 }, "options.attempts"],
    [{ jobId: "mine" }, "options"],
  ])("is refused in the options %j", async (options, path) => {
    expect((await problemsWith(mail, options)).map((problem) => problem.path)).toEqual([path])
  })

  test("is refused whatever it is, and leaves nothing behind", async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (data) => {
        expect(await enqueue(email, data as never).catch((error) => error)).toBeInstanceOf(PayloadError)
      }),
    )
    expect(await enqueued("email")).toEqual([])
  })

  test("is refused above the limit, counted in bytes as it travels", async () => {
    const big = {
      ...email,
      payload: anyPayload,
      accepts: undefined,
    }
    const filling = (bytes: number) => ({ text: "é".repeat((bytes - '{"text":""}'.length) / 2) })
    expect(
      await enqueue(big as never, filling(PAYLOAD_LIMIT - 1) as never).then(({ status }) => status),
    ).toBe("enqueued")
    await expect(enqueue(big as never, filling(PAYLOAD_LIMIT + 1) as never)).rejects.toThrow(
      new PayloadTooLarge(
        `The payload for email has ${PAYLOAD_LIMIT + 1} bytes and the limit is ${PAYLOAD_LIMIT}: store large things and send their storage keys`,
      ),
    )
  })
})

describe("with Redis away", () => {
  test("a run is refused within a second or so, even in a process that has never seen Redis", async () => {
    await withRedisAt(`redis://127.0.0.1:${await freePort()}`, async () => {
      expect(await enqueue(email, mail).catch((error) => error)).toBeInstanceOf(EnqueueUnconfirmed)
    })
  })

  test("a run that was refused does not come in later", async () => {
    const port = await freePort()
    await withRedisAt(`redis://127.0.0.1:${port}`, async () => {
      await expect(enqueue(email, mail)).rejects.toBeInstanceOf(EnqueueUnconfirmed)
      await enqueue(email, mail).catch(() => "refused as well")
      const redis = await startRedis({ dataDir: await dataDir(), durable: false, port })
      const later = await enqueue(email, mail)
      expect((await enqueued("email")).map(({ id }) => id)).toEqual([later.id])
      await redis.stop()
    })
  })

  test("a run goes to the outbox under its own id, and is accepted", async () => {
    const kept: QueuedRun[] = []
    const outbox = { add: async (runs: QueuedRun[]) => void kept.push(...runs) }
    const run = await withRedisAt(`redis://127.0.0.1:${await freePort()}`, () =>
      enqueue(email, mail, { delay: 5 }, { outbox }),
    )
    expect(run.status).toBe("accepted")
    expect(kept).toEqual([
      {
        id: run.id,
        queue: "email",
        name: "email",
        payload: {
          to: ["ana@example.com"],
          template: "welcome",
          data: { userName: "Ana" },
          locale: "pt-BR",
        } as Json,
        options: { priority: 5, delay: 5 },
      },
    ])
  })

  test("a Redis that is frozen counts as away, and the error has the run's id", async () => {
    const redis = await startRedis({ dataDir: await dataDir(), durable: false })
    await withRedisAt(redis.url, async () => {
      await enqueue(email, mail)
      redis.kill("SIGSTOP")
      const error = await enqueue(email, mail).catch((error) => error)
      redis.kill("SIGCONT")
      expect(error).toBeInstanceOf(EnqueueUnconfirmed)
      expect(validate(error.runId)).toBe(true)
    })
    await redis.stop()
  })

  test("a Redis that goes away just as a queue is opened is not held against the queue", async () => {
    const port = await freePort()
    const first = await startRedis({ dataDir: await dataDir(), durable: false, port })
    await withRedisAt(first.url, async () => {
      await untilReady(queueClient())
      first.kill("SIGSTOP")
      const lost = enqueue(email, mail)
      first.kill("SIGKILL")
      await expect(lost).rejects.toBeInstanceOf(EnqueueUnconfirmed)
      await first.stop()
      const second = await startRedis({ dataDir: await dataDir(), durable: false, port })
      const taken = () =>
        enqueue(email, mail).then(
          () => true,
          () => false,
        )
      expect(await until(taken, 10_000)).toBe(true)
      await second.stop()
    })
  })

  test("what is wrong with Redis but will not pass is told as it is", async () => {
    const args = ["--user", "default", "on", "nopass", "~*", "&*", "+@all", "-evalsha", "-eval"]
    const redis = await startRedis({ dataDir: await dataDir(), durable: false, args })
    await withRedisAt(redis.url, async () => {
      const error = await enqueue(email, mail).catch((error) => error)
      expect(error).not.toBeInstanceOf(EnqueueUnconfirmed)
      expect(error.message).toContain("NOPERM")
    })
    await redis.stop()
  })

  test("what fails in the outbox too is not confirmed", async () => {
    const outbox = { add: () => Promise.reject(new Error("PostgreSQL is away as well")) }
    const error = await withRedisAt(`redis://127.0.0.1:${await freePort()}`, () =>
      enqueue(email, mail, {}, { outbox }).catch((error) => error),
    )
    expect(error).toBeInstanceOf(EnqueueUnconfirmed)
    expect(error.cause.message).toBe("PostgreSQL is away as well")
  })
})
