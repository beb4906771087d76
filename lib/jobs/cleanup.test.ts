import { expect, test } from "bun:test"
import { schedulesOf } from "../schedules/declared.ts"
import { cleanup } from "./cleanup.ts"

const { input, normalise } = cleanup.accepts!
const asked = (said: unknown) => cleanup.payload.parse(normalise(input.parse(said)).payload)
const told = (said: unknown) => [
  ...new Set(input.safeParse(said).error?.issues.map(({ path }) => path.join("."))),
]

test("is asked for in the words of either specification, for 30 days when none are said", () => {
  const payload = { target: "logs", olderThan: 30, dryRun: false, orphans: "report" }
  for (const said of [
    { target: "logs" },
    { cleanupType: "logs", maxAge: 30 },
    { target: "logs", olderThan: 30 },
    { target: "logs", cleanupType: "logs", olderThan: 30, maxAge: 30 },
  ])
    expect(asked(said)).toEqual(payload as never)
})

test("is refused without a target, with two, and for what is younger than a day", () => {
  expect(told({})).toEqual(["target"])
  expect(told({ target: "everything" })).toEqual(["target"])
  expect(told({ target: "logs", cleanupType: "cache" })).toEqual(["cleanupType"])
  expect(told({ target: "logs", olderThan: 30, maxAge: 1 })).toEqual(["maxAge"])
  for (const olderThan of [0, -1, 1.5, "yesterday", new Date().toISOString(), "2999-01-01T00:00:00Z"])
    expect(told({ target: "logs", olderThan })).toEqual(["olderThan"])
})

test("goes by the clock as the specification has it", () => {
  const schedules = schedulesOf([cleanup as never]).map(({ name, cron, zone, payload }) => {
    const { target, olderThan } = asked(payload(new Date()))
    return [name, cron, zone, target, olderThan]
  })
  const zone = "America/Sao_Paulo"
  expect(schedules).toEqual([
    ["cleanup-sessions", "0 * * * *", zone, "sessions", 7],
    ["cleanup-logs", "0 */6 * * *", zone, "logs", 30],
    ["cleanup-temp-files", "0 3 * * 0", zone, "temp-files", 7],
    ["cleanup-old-exports", "37 4 * * *", zone, "old-exports", 90],
  ])
})
