import { z } from "zod"
import { isGeohash } from "../geohash.ts"
import { like } from "../like.ts"
import { defineJob } from "./define.ts"

const id = z.int().positive()
const number = z.int().nonnegative()

export const priceSync = defineJob({
  name: "price-sync",
  summary: "Bring the prices that Nota Paraná knows into the database",
  payload: z.strictObject({
    marketId: id.optional().describe("ask around this market alone"),
    forceUpdate: z.boolean().default(false).describe("ask also for what was asked for within six hours"),
    productIds: z.array(id).min(1).optional().describe("ask for these products alone"),
    geohash: z
      .string()
      .refine(isGeohash, { error: "a geohash, such as 6gg4dpecb" })
      .optional()
      .describe("ask around this place, and not around the markets"),
    radiusKm: z.number().min(1).max(20).optional().describe("20 when not set, and 2 around a single market"),
  }),
  result: like(
    z.object({
      status: z.enum(["completed", "degraded"]),
      mercadosProcessados: number,
      produtosProcessados: number,
      precosRegistrados: number,
      precosIgnorados: number,
      produtosNaoEncontrados: number,
      tempoTotalSegundos: z.number().nonnegative(),
      motivo: z
        .string()
        .optional()
        .describe("why it is degraded: it ended before it had asked for everything"),
    }),
    {
      status: "completed",
      mercadosProcessados: 4,
      produtosProcessados: 128,
      precosRegistrados: 1_734,
      precosIgnorados: 212,
      produtosNaoEncontrados: 6,
      tempoTotalSegundos: 1_512.4,
    },
  ),
  example: { forceUpdate: false },
  concurrency: 2,
  // A budget of thousands a day, spent at a guest's pace, takes hours.
  timeout: 6 * 3_600_000,
  schedules: [{ name: "price-sync", cron: "47 3 * * *", payload: () => ({}) }],
})
