import { afterEach, beforeEach, expect, test } from "bun:test"
import { createLog, forgetLogForm, sink } from "./log.ts"

const lines: string[] = []
const { write } = sink
const environment = { ...process.env }

beforeEach(() => {
  lines.length = 0
  sink.write = (line) => void lines.push(line)
})

afterEach(() => {
  sink.write = write
  Object.assign(process.env, { NODE_ENV: environment.NODE_ENV, LOG_LEVEL: environment.LOG_LEVEL })
  forgetLogForm()
})

function under(variables: Record<string, string>) {
  Object.assign(process.env, variables)
  forgetLogForm()
}

test("names its source in front of the line in development", () => {
  under({ NODE_ENV: "development", LOG_LEVEL: "info" })
  createLog("EmailProcessor").info("Email sent successfully to: user@example.com", { attempt: 2 })
  expect(lines).toEqual(["[EmailProcessor] Email sent successfully to: u***@example.com attempt=2"])
})

test("writes one JSON object a line in production", () => {
  under({ NODE_ENV: "production", LOG_LEVEL: "info" })
  createLog("API").error("Gone\nwrong", { requestId: "r1", error: new TypeError("no ana@example.com") })
  expect(lines).toHaveLength(1)
  expect(lines[0]).not.toContain("\n")
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: "error",
    source: "API",
    message: "Gone\nwrong",
    requestId: "r1",
    error: { name: "TypeError", message: "no a***@example.com" },
  })
})

test("redacts each text by itself, and is made to fail by nothing", () => {
  under({ NODE_ENV: "production", LOG_LEVEL: "info" })
  const cyclic: Record<string, unknown> = { big: 1n }
  cyclic.self = cyclic
  const error = new Error("outer", { cause: new Error("of ana@example.com") })
  Object.assign(error, { cause: Object.assign(new Error("inner"), { cause: error }) })
  createLog("API").info("Key:\nre_1234567890abc", {
    url: "http://localhost:3000/reset",
    to: "ana@example.com",
    cyclic,
    error,
  })
  const said = JSON.parse(lines[0]!)
  expect(said).toMatchObject({
    message: "Key:\nre_***",
    url: "http://localhost:3000/reset",
    to: "a***@example.com",
    cyclic: { big: "1", self: "[circular]" },
    error: { message: "outer", cause: { message: "inner", cause: "[circular]" } },
  })
})

test("keeps back what is less severe than asked for", () => {
  under({ NODE_ENV: "development", LOG_LEVEL: "warn" })
  const log = createLog("Worker")
  log.info("quiet")
  log.warn("heard")
  expect(lines).toEqual(["[Worker] heard"])
})
