import { z } from "zod"
import { withExample } from "./example.ts"
import { highlights, line, link, userName } from "./fields.ts"

/** What a `newsletter` says: a title, some paragraphs, figures at a glance, where it leads. */
export const newsletterProps = withExample(
  z.object({
    title: line(120),
    userName: userName.optional(),
    paragraphs: z.array(line(2_000)).min(1).max(20),
    highlights,
    actionLabel: line(60).optional(),
    actionUrl: link.optional(),
  }),
  {
    title: "Os aluguéis de fevereiro",
    userName: "Ana Beatriz",
    paragraphs: [
      "Os preços ficaram estáveis no centro e caíram um pouco nos bairros novos.",
      "Separamos três imóveis que combinam com o que você procura.",
    ],
    highlights: [
      { label: "Aluguel médio", value: "R$ 2.180,00" },
      { label: "Imóveis novos", value: "14" },
    ],
    actionLabel: "Ver os imóveis",
    actionUrl: "https://app.example.com/imoveis",
  },
  {
    title: "Rents in February",
    paragraphs: [
      "Prices kept steady downtown and fell a little in the new districts.",
      "We picked three homes that suit what you are looking for.",
    ],
    highlights: [
      { label: "Average rent", value: "R$2,180.00" },
      { label: "New homes", value: "14" },
    ],
    actionLabel: "See the homes",
  },
)
