import { expect, test } from "bun:test"
import { PermanentError } from "../../lib/errors.ts"
import { checkLength } from "./length.ts"
import type { Section } from "./section.ts"

const sections = (...counts: number[]) => counts.map((count) => ({ count }) as Section)

test("a PDF of too many rows in all is refused with what to do, and no other format", () => {
  checkLength({ format: "pdf", sections: sections(40_000, 60_000) })
  const tooLong = sections(40_000, 60_001)
  expect(() => checkLength({ format: "pdf", sections: tooLong })).toThrow(PermanentError)
  expect(() => checkLength({ format: "pdf", sections: tooLong })).toThrow(
    "A PDF has room for 100000 rows, and these are 100001: ask for XLSX or CSV, for fewer days, or for less content",
  )
  for (const format of ["xlsx", "csv"] as const) checkLength({ format, sections: sections(10_000_000) })
})

test("a workbook of more rows than one can have is refused, and CSV never", () => {
  expect(() => checkLength({ format: "xlsx", sections: sections(16_777_200, 1) })).toThrow(
    "A workbook has at most 16777200 rows, and these are 16777201",
  )
  checkLength({ format: "csv", sections: sections(1_000_000_000) })
})
