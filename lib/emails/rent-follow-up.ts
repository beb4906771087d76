import { z } from "zod"
import { pii } from "../pii.ts"
import { charge } from "./charge.ts"
import { withExample } from "./example.ts"
import { cents, day, line, link } from "./fields.ts"

/** What the `rent-follow-up` mail says to an agency: the rent of a month that it has to see to itself. */
export const rentFollowUpProps = withExample(
  z.object({
    userName: charge.userName,
    reason: z
      .enum(["final-notice", "unreachable"])
      .describe(
        "final-notice: the renter was told for the last time; unreachable: the renter cannot be told",
      ),
    renterName: pii(line(200)),
    renterContact: pii(line(200)).optional(),
    contractNumber: line(40),
    propertyAddress: charge.propertyAddress,
    referenceMonth: charge.referenceMonth,
    dueDate: day,
    daysOverdue: z.int().nonnegative().max(36_500).default(0),
    amountCents: cents.positive().describe("cents of a real, with fee and interest"),
    calculatedOn: day,
    contractUrl: link.optional(),
  }),
  {
    userName: "Imobiliária Araucária",
    reason: "final-notice",
    renterName: "Ana Beatriz Moreira",
    renterContact: "+55 44 99911-2200 · ana@example.com",
    contractNumber: "2025/102",
    propertyAddress: "Rua XV de Novembro, 1234, ap. 52, Maringá/PR",
    referenceMonth: "2026-02",
    dueDate: "2026-02-10",
    daysOverdue: 30,
    amountCents: 159_650,
    calculatedOn: "2026-03-12",
    contractUrl: "https://app.example.com/contracts/102",
  },
)
