import { z } from "zod"
import { pii } from "../pii.ts"
import { timeZone } from "../zone.ts"
import { withExample } from "./example.ts"
import { instant, line, link, postalAddress, userName } from "./fields.ts"

/** What the `property-inquiry` mail says to a broker: who asks about which property, in their words, and how to reach them. */
export const propertyInquiryProps = withExample(
  z.object({
    userName: userName.optional(),
    propertyTitle: line(200),
    propertyAddress: postalAddress.optional(),
    propertyUrl: link.optional(),
    leadName: pii(line(200)),
    leadEmail: pii(z.email().max(320)).optional(),
    leadPhone: pii(
      z
        .string()
        .trim()
        .regex(/^\+?\d[\d ().-]{6,24}$/, { error: "a telephone number" }),
    ).optional(),
    message: pii(line(4_000)).optional(),
    source: line(60).optional().describe("the portal or site that the inquiry came through"),
    receivedAt: instant.optional(),
    timeZone,
    leadUrl: link.optional(),
  }),
  {
    userName: "Camila",
    propertyTitle: "Apartamento de 3 quartos no Novo Centro",
    propertyAddress: "Avenida Horácio Raccanello, 4500, Maringá/PR",
    propertyUrl: "https://www.example.com/imoveis/812",
    leadName: "João Pedro Lima",
    leadEmail: "joao.lima@example.com",
    leadPhone: "+55 44 99912-3456",
    message: "Boa tarde!\nO apartamento ainda está disponível? Gostaria de visitar no sábado de manhã.",
    source: "ZAP Imóveis",
    receivedAt: "2026-02-10T17:30:00Z",
    timeZone: "America/Sao_Paulo",
    leadUrl: "https://app.example.com/leads/9031",
  },
  {
    propertyTitle: "Three-bedroom flat in Novo Centro",
    message: "Good afternoon!\nIs the flat still available? I would like to see it on Saturday morning.",
  },
)
