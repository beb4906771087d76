import { expect, test } from "bun:test"
import { z } from "zod"
import { email } from "../../lib/jobs/email.ts"
import { pii } from "../../lib/pii.ts"
import { entryOf } from "./entry.ts"
import { endedTry, jobNamed, readRow } from "./testing.ts"

const read = (ended: ReturnType<typeof endedTry>) => {
  const { run, events } = entryOf(ended)
  return {
    run: run === undefined ? undefined : readRow(run),
    events: events.map((event) => JSON.parse(event)),
  }
}

test("a run that completed without a word leaves its row, and no event", () => {
  const ended = endedTry()
  const { id, timestamp, processedOn, finishedOn } = ended.queued
  expect(read(ended)).toEqual({
    run: {
      id,
      queue: "email",
      name: "email",
      status: "completed",
      priority: 5,
      payload: { to: ["[redacted]"], template: "welcome", data: "[redacted]", locale: "pt-BR" },
      result: { sent: 1, suppressed: 0, messageId: "message-1" },
      error: null,
      attempts: 1,
      askedAt: timestamp,
      startedAt: processedOn!,
      finishedAt: finishedOn!,
    },
    events: [],
  })
})

test.each(["failed", "cancelled", "timed-out"] as const)(
  "a run that is %s leaves its row, its try, its log and its stages",
  (outcome) => {
    const at = Date.now()
    const { run, events } = read(
      endedTry({
        outcome,
        error: new Error("no luck with ana@example.com"),
        lines: [{ at, text: "begun" }],
        stages: [{ at, percentage: 10, stage: "asking", message: "for bia@example.com" }],
      }),
    )
    expect(run).toMatchObject({ status: outcome, result: null, error: "no luck with a***@example.com" })
    expect(events).toMatchObject([
      { kind: "log", attempt: 1, place: 0, at, data: { text: "begun" } },
      { kind: "stage", at, data: { percentage: 10, stage: "asking", message: "for b***@example.com" } },
      { kind: "attempt", data: { outcome, error: "no luck with a***@example.com" } },
    ])
  },
)

test.each(["retrying", "postponed", "handed-back"] as const)(
  "a try that is %s leaves an event, and no row",
  (outcome) => {
    const { run, events } = read(endedTry({ outcome, attempt: 2, error: new Error("not now") }))
    expect(run).toBeUndefined()
    expect(events).toMatchObject([{ kind: "attempt", attempt: 2, data: { outcome, error: "not now" } }])
  },
)

test("a payload that did not parse is shown only as far as its schema knows it", () => {
  const data = { to: "planted@example.com", template: "welcome", planted: "planted", data: "planted" }
  const ended = endedTry({ outcome: "failed", error: new Error("bad"), payload: undefined }, { data })
  expect(read(ended).run?.payload).toEqual({
    to: "[redacted]",
    template: "welcome",
    data: "[redacted]",
    "[redacted]": "[redacted]",
  })
})

test("a result that its schema does not describe is redacted whole, and one beyond measure is left out", () => {
  const vague = { ...jobNamed("vague"), result: z.unknown() }
  expect(read(endedTry({ job: vague, result: { name: "planted" } })).run?.result).toBe("[redacted]")
  const wordy = { ...jobNamed("wordy"), result: z.string() }
  expect(read(endedTry({ job: wordy, result: "x".repeat(300 * 1024) })).run?.result).toBe("[too large]")
})

test("a label is personal where it is not the job's own name", () => {
  expect(read(endedTry({}, { name: "for-ana@example.com" })).run?.name).toBe("f***@example.com")
})

test("what PostgreSQL takes nowhere is replaced, and what only looks like it stays", () => {
  const subject = "a\0b \ud800 c\\u0000 \\\ud800 \n é 😀"
  const payload = { ...email.payload.parse(email.example), subject }
  const { run } = entryOf(
    endedTry({ payload, job: { ...email, payload: z.object({ subject: z.string() }) } }),
  )
  expect(readRow(run!).payload.subject).toBe("a\ufffdb \ufffd c\\u0000 \\\ufffd \n é 😀")
})

test("a run that returns nothing leaves its row", () => {
  const mute = { ...jobNamed("mute"), result: z.undefined() }
  expect(read(endedTry({ job: mute, result: undefined })).run).toMatchObject({
    status: "completed",
    result: null,
  })
})

test("what is personal in a failed run is struck from the rest of its payload too", () => {
  const job = { ...jobNamed("greeting"), payload: z.object({ who: pii(z.string()), text: z.string() }) }
  const payload = { who: "Ana Beatriz", text: "Hello Ana Beatriz" }
  const { run } = read(
    endedTry({ job, payload, outcome: "failed", error: new Error("no") }, { data: payload }),
  )
  expect(run?.payload).toEqual({ who: "[redacted]", text: "Hello [redacted]" })
})
