import { z } from "zod"

export const locale = z.enum(["pt-BR", "en"])

/** The languages mail is written in. */
export type Locale = z.output<typeof locale>
