import { z } from "zod"
import { pii } from "../pii.ts"
import { withExample } from "./example.ts"
import { cents, day, line, link, postalAddress, userName } from "./fields.ts"

/** What the `contract-expiring` mail says, to whichever side of a rental contract it goes. */
export const contractExpiringProps = withExample(
  z.object({
    userName,
    propertyAddress: postalAddress,
    endDate: day,
    replyBy: day.optional().describe("until when to say whether to renew"),
    contractNumber: line(40).optional(),
    renterName: pii(line(200)).optional(),
    ownerName: pii(line(200)).optional(),
    rentCents: cents.optional(),
    contractUrl: link.optional(),
  }),
  {
    userName: "Ana Beatriz",
    propertyAddress: "Rua XV de Novembro, 1234, ap. 52, Maringá/PR",
    endDate: "2026-04-30",
    replyBy: "2026-03-31",
    contractNumber: "2023-0418",
    renterName: "Ana Beatriz Souza",
    ownerName: "Otávio Meirelles",
    rentCents: 155_000,
    contractUrl: "https://app.example.com/contracts/418",
  },
)
