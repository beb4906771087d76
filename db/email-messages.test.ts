import { expect, test } from "bun:test"
import { beginChunk, deliveriesOf, noteUnsent, settleChunk } from "./email-messages.ts"
import { pool } from "./pool.ts"

const chunk = (...recipients: string[]) => ({
  runId: crypto.randomUUID(),
  chunk: 3,
  template: "welcome" as const,
  letters: recipients.map((recipient) => ({ recipient, locale: "en", subject: "Hello" })),
})

const settle = (runId: string, outcomes: Parameters<typeof settleChunk>[1]) =>
  pool().begin((tx) => settleChunk(runId, outcomes, tx))

const suppress = (email: string) =>
  pool()`insert into email_suppressions (email, reason) values (${email}, 'bounced')`

test("a chunk is settled once: who is suppressed then, in whatever letter case, and nobody later", async () => {
  const [one, two, three] = ["z", "m", "a"].map((name) => `${name}.${crypto.randomUUID()}@example.com`)
  const asked = chunk(one!, two!.toUpperCase(), three!)
  await suppress(two!)
  const begun = await beginChunk(asked)
  expect(begun.map(({ recipient, status, chunk }) => [recipient, status, chunk])).toEqual([
    [one!, "sending", 3],
    [two!.toUpperCase(), "suppressed", 3],
    [three!, "sending", 3],
  ])
  await suppress(three!)
  expect(await beginChunk({ ...asked, chunk: 4 })).toEqual(begun)
})

test("records of each mail whether it was taken, and why not; what has been sent stays so", async () => {
  const asked = chunk("a@example.com", "b@example.com", "c@example.com")
  const { runId } = asked
  await beginChunk(asked)
  await noteUnsent(runId, 3, { error: "HTTP 503", mayBeSent: true })
  expect((await deliveriesOf(runId)).map(({ status, error }) => [status, error])).toEqual(
    Array(3).fill(["failed", "HTTP 503"]),
  )
  await settle(runId, [
    { recipient: "a@example.com", providerId: "1", error: null },
    { recipient: "b@example.com", providerId: null, error: `"No", {said} \\ it` },
    { recipient: "c@example.com", providerId: null, error: null },
  ])
  await settle(runId, [{ recipient: "a@example.com", providerId: "2", error: null }])
  await noteUnsent(runId, 3, { error: "HTTP 503", mayBeSent: true })
  const rows = (await deliveriesOf(runId)).toSorted((a, b) => a.recipient.localeCompare(b.recipient))
  expect(rows).toMatchObject([
    { status: "sent", providerId: "1", error: null },
    { status: "refused", providerId: null, error: `"No", {said} \\ it` },
    { status: "sent", providerId: null, error: null },
  ])
})

test("a mail that the provider may have is lost once it would not know it again, and one that it has not is not", async () => {
  const asked = chunk("a@example.com", "b@example.com")
  const { runId } = asked
  const pass = (hours: number) =>
    pool()`update email_messages set in_doubt_since = in_doubt_since - ${hours} * interval '1 hour'`
  const areLost = async () => (await deliveriesOf(runId)).map(({ isLost }) => isLost)
  await beginChunk(asked)
  await pass(22)
  // Handed over again, it is as old as it was.
  expect((await beginChunk(asked)).map(({ isLost }) => isLost)).toEqual([false, false])
  await noteUnsent(runId, 3, { error: "no answer", mayBeSent: true })
  await pass(2)
  expect(await areLost()).toEqual([true, true])

  await noteUnsent(runId, 3, { error: null, mayBeSent: false })
  expect(await areLost()).toEqual([false, false])
  expect((await deliveriesOf(runId)).map(({ status, error }) => [status, error])).toEqual(
    Array(2).fill(["failed", "no answer"]),
  )
  await beginChunk(asked)
  await pass(24)
  expect(await areLost()).toEqual([true, true])
  await settle(runId, [{ recipient: "a@example.com", providerId: "1", error: null }])
  expect((await deliveriesOf(runId)).map(({ recipient, isLost }) => [recipient, isLost]).sort()).toEqual([
    ["a@example.com", false],
    ["b@example.com", true],
  ])
})
