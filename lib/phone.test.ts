import { expect, test } from "bun:test"
import { formatPhone } from "./phone.ts"

test.each([
  ["+5544986385220", "(44) 98638-5220"],
  ["+554430251200", "(44) 3025-1200"],
  ["+13125550142", "+13125550142"],
  ["+55 44 3025-1200", "+55 44 3025-1200"],
])("%s is written %s", (phone, written) => {
  expect(formatPhone(phone)).toBe(written)
})
