import { z } from "zod"
import { count, defineEnv } from "../../lib/env.ts"

export const notaParanaEnv = defineEnv({
  NOTA_PARANA_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://menorpreco.notaparana.pr.gov.br/api/v1")
    .describe("price sync: where Menor Preço's `/produtos` is; it may be a gateway of your own"),
  NOTA_PARANA_USER_AGENT: z
    .string()
    .regex(/^[\x20-\x7e]+$/, { error: "letters without accents, and on one line" })
    .default("Esteira price-sync")
    .describe("price sync: who Nota Paraná is told is asking; name yourself, and where to write to"),
  // Its clients were taken for robots after 38 to 224 requests, half of them before 92.
  NOTA_PARANA_DAILY_BUDGET: count
    .default(60)
    .describe("price sync: requests to Nota Paraná a day (UTC), of all workers together"),
  NOTA_PARANA_PAUSE: z.coerce
    .number()
    .int()
    .min(0)
    .default(2_000)
    .describe("price sync: milliseconds after a request until the next takes its place, give or take half"),
})
