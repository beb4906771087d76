import { expect, test } from "bun:test"
import { outcomeOf } from "./runs-outcome.ts"

test("the sentence a run ended with tells how", () => {
  expect(outcomeOf("Cancelled by Ana: a mistake")).toBe("cancelled")
  expect(outcomeOf("Timed out after 5 ms")).toBe("timed-out")
  expect(outcomeOf("no luck: Cancelled by nobody")).toBe("failed")
  expect(outcomeOf("")).toBe("failed")
})
