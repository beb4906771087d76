import { afterEach, expect, test } from "bun:test"
import { enqueue } from "../../lib/enqueue.ts"
import { queueOf } from "../../lib/queues.ts"
import { parcel } from "../../sandbox/outbox/job.ts"
import { linesAfter, readLines } from "./lines.ts"

afterEach(() => queueOf(parcel).obliterate({ force: true }))

test("lines go on in the order they were written in, though a worker's clock is behind that of the one before", async () => {
  const { id } = await enqueue(parcel, { word: "go" })
  const write = (time: string, text: string) =>
    queueOf(parcel).addJobLog(id, `2026-03-01T12:00:${time}Z ${text}`)
  await write("05.000", "one")
  await write("05.000", "two")
  const heard = await readLines(parcel, id)
  await write("03.500", "three")
  await write("05.000", "four")
  await write("05.001", "five")
  const lines = await readLines(parcel, id)
  expect(lines.slice(0, 2)).toEqual(heard)
  expect(linesAfter(lines, heard.at(-1)!.id).map(({ text }) => text)).toEqual(["three", "four", "five"])
  expect(lines[2]).toMatchObject({ at: Date.parse("2026-03-01T12:00:03.500Z") })
  for (const [index, { id }] of lines.entries()) expect(linesAfter(lines, id)).toEqual(lines.slice(index + 1))
})
