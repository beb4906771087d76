import { expect, test } from "bun:test"
import fc from "fast-check"
import { isRunId } from "../runs.ts"
import { scheduleOf, slotOf, slotRunId } from "./run-id.ts"

const name = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}$/)
const slot = fc.date({ min: new Date("2000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })

test("the run of a slot has an id that tells the schedule and the slot", () => {
  expect(slotRunId("payment-reminders", new Date("2026-11-23T05:00:00Z"))).toBe(
    "payment-reminders-20261123T050000Z",
  )
})

test("the schedule is found again in the id, whatever its name", () => {
  fc.assert(
    fc.property(name, slot, (name, slot) => {
      expect(scheduleOf(slotRunId(name, slot))).toBe(name)
      expect(isRunId(slotRunId(name, slot))).toBe(true)
    }),
  )
})

test.each([
  "",
  "price-sync",
  "-20261123T050000Z",
  "repeat:price-sync:1795410000000",
  "a--b-20261123T050000Z",
  "A-20261123T050000Z",
  "price-sync-20261123T050000Z\n",
  "0193b2f0-1111-7000-8000-000000000000",
])("an id of another form is of no schedule: %j", (id) => {
  expect(scheduleOf(id)).toBeUndefined()
})

test("the slot is found again in the id, to the second", () => {
  fc.assert(
    fc.property(name, slot, (name, slot) => {
      const seconds = Math.floor(slot.getTime() / 1_000)
      expect(slotOf(slotRunId(name, slot))?.getTime()).toBe(seconds * 1_000)
    }),
  )
  expect(slotOf("0193b2f0-1111-7000-8000-000000000000")).toBeUndefined()
})
