import { afterAll, beforeEach, expect, test } from "bun:test"
import { RedisUnavailable } from "../lib/errors.ts"
import { forgetLogForm, sink } from "../lib/log.ts"
import { tellOutages } from "./outages.ts"
import { OUTAGE } from "./rounds.ts"

const { write } = sink
const level = process.env.LOG_LEVEL
const said: string[] = []

beforeEach(() => {
  process.env.LOG_LEVEL = "info"
  forgetLogForm()
  said.length = 0
  sink.write = (line, at) => void said.push(`${at}: ${line.split("\n")[0]}`)
})
afterAll(() => {
  sink.write = write
  if (level === undefined) delete process.env.LOG_LEVEL
  else process.env.LOG_LEVEL = level
  forgetLogForm()
})

const part = () => tellOutages({ part: "Part", waits: "It waits", goesOn: "It goes on", fails: "It fails" })

test("an outage is told once, and its end once", () => {
  const outages = part()
  outages.over()
  for (let round = 0; round < 3; round++) expect(outages.note(new RedisUnavailable("away"))).toBe(OUTAGE)
  outages.wait("of something else")
  outages.over()
  outages.over()
  outages.wait("again")
  expect(said).toEqual([
    expect.stringContaining("warn: [Part] It waits reason="),
    "info: [Part] It goes on",
    "warn: [Part] It waits reason=again",
  ])
})

test("what is no outage is told each time", () => {
  const outages = part()
  for (let round = 0; round < 2; round++) expect(outages.note(new TypeError("wrong"))).toBe(OUTAGE)
  outages.over()
  expect(said).toEqual([
    expect.stringContaining("error: [Part] It fails"),
    expect.stringContaining("error: [Part] It fails"),
    "info: [Part] It goes on",
  ])
})
