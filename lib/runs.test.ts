import { afterAll, afterEach, expect, spyOn, test } from "bun:test"
import { Worker } from "bullmq"
import { enqueue } from "./enqueue.ts"
import { email } from "./jobs/email.ts"
import { prefixOf, queueClient, queueOf } from "./queues.ts"
import { findRun } from "./runs.ts"

const mail = { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } } as const
const queue = queueOf(email)
const worker = new Worker("email", null, {
  connection: queueClient(),
  prefix: prefixOf("email"),
  autorun: false,
})

afterEach(async () => {
  await queue.obliterate({ force: true })
})
afterAll(() => worker.close())

test.each([
  ["completed", { returnValue: { sent: 1 }, failedReason: null }],
  ["failed", { returnValue: null, failedReason: "no luck" }],
] as const)(
  "a run that has %s while it is looked at is told of with what came of it",
  async (status, told) => {
    const { id } = await enqueue(email, mail, { attempts: 1 })
    const active = (await worker.getNextJob("a token"))!
    expect(active.id).toBe(id)
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const [getJob, getJobState] = [queue.getJob.bind(queue), queue.getJobState.bind(queue)]
    const job = spyOn(queue, "getJob").mockImplementationOnce(async (id) => {
      const before = await getJob(id)
      if (status === "completed") await active.moveToCompleted({ sent: 1 }, "a token", false)
      else await active.moveToFailed(new Error("no luck"), "a token", false)
      resolve()
      return before
    })
    const state = spyOn(queue, "getJobState").mockImplementationOnce(async (id) => {
      await ended
      return await getJobState(id)
    })
    expect(await findRun(email, id)).toMatchObject({ status, ...told, finishedOn: expect.any(Number) })
    expect([job.mock.calls.length, state.mock.calls.length]).toEqual([2, 2])
    job.mockRestore()
    state.mockRestore()
  },
)
