import { describe, expect, test } from "bun:test"
import { prepareRun } from "../enqueue.ts"
import { paymentReminder } from "./payment-reminder.ts"

const payloadOf = (data: unknown) => prepareRun(paymentReminder, data).payload
const complaint = (data: unknown) => {
  try {
    return `taken: ${JSON.stringify(payloadOf(data))}`
  } catch (error) {
    return (error as Error).message.replace("Bad payload for payment-reminder: ", "")
  }
}

test.each([
  [
    { contractId: 1, type: "overdue", daysOverdue: 5 },
    { contractId: 1, type: "overdue", days: 5 },
  ],
  [
    { contractId: 1, type: "final-notice", daysOverdue: 30, days: 30 },
    { contractId: 1, type: "final-notice", days: 30 },
  ],
  [
    { contractId: 1, type: "upcoming" },
    { contractId: 1, type: "upcoming" },
  ],
  [
    { contractId: 1, type: "upcoming", daysOverdue: 0, days: 3, paymentId: 2 },
    { contractId: 1, type: "upcoming", days: 3, paymentId: 2 },
  ],
  [{ type: "sweep" }, { type: "sweep" }],
])("%j is %j, and stays that", (given, canonical) => {
  expect(payloadOf(given)).toEqual(canonical)
  expect(payloadOf(canonical)).toEqual(canonical)
  expect(paymentReminder.payload.parse(canonical)).toEqual(canonical as never)
})

describe("refuses, and says why,", () => {
  const TYPES = "type: one of upcoming, overdue, final-notice, or sweep"
  test.each<[unknown, string]>([
    [{}, TYPES],
    [{ contractId: 1 }, TYPES],
    [{ contractId: 1, type: "late" }, TYPES],
    [{ type: "overdue" }, "contractId: Invalid input: expected number, received undefined"],
    [{ contractId: 0, type: "overdue" }, "contractId: Too small"],
    [{ contractId: "1 or 1=1", type: "overdue" }, "contractId: Invalid input"],
    [{ contractId: 2 ** 53, type: "overdue" }, "contractId: "],
    [{ contractId: 1.5, type: "overdue" }, "contractId: Invalid input"],
    [{ contractId: 1, type: "overdue", daysOverdue: 0 }, "days: one day at least"],
    [{ contractId: 1, type: "final-notice", days: 0 }, "days: one day at least"],
    [{ contractId: 1, type: "overdue", daysOverdue: -5 }, "daysOverdue: Too small"],
    [{ contractId: 1, type: "overdue", daysOverdue: 1e9 }, "daysOverdue: Too big"],
    [
      { contractId: 1, type: "overdue", daysOverdue: 5, days: 6 },
      "daysOverdue: the same as days, or nothing",
    ],
    [{ contractId: 1, type: "upcoming", daysOverdue: 5 }, "daysOverdue: nothing of an upcoming payment"],
    [{ contractId: 1, type: "overdue", amountCents: 1 }, 'Unrecognized key: "amountCents"'],
    [{ type: "sweep", contractId: 1 }, 'Unrecognized key: "contractId"'],
    [null, "one of upcoming, overdue, final-notice, or sweep"],
    [["overdue"], "one of upcoming, overdue, final-notice, or sweep"],
  ])("%j: %s", (data, why) => expect(complaint(data)).toStartWith(why))
})
