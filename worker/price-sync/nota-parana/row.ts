import { z } from "zod"

/** Characters of a text that are read: no shop has a name of more. */
const LONGEST = 500

/** Text as it can be stored; what is not there is empty. A number is taken for its text: in answers seen so far there are none. */
const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) =>
    String(value ?? "")
      .slice(0, LONGEST)
      .replaceAll(/\p{Cc}+/gu, " ")
      .toWellFormed()
      .trim(),
  )

/** What is used of a row of `/produtos`. No documentation exists: these are the fields that clients of it have read. */
const rowSchema = z.object({
  id: text,
  local: text,
  desc: text,
  ncm: text,
  valor: text,
  valor_tabela: text,
  valor_desconto: text,
  datahora: text,
  distkm: text,
  gtin: text,
  nrdoc: text,
  estabelecimento: z.object({
    codigo: text,
    nm_fan: text,
    nm_emp: text,
    tp_logr: text,
    nm_logr: text,
    nr_logr: text,
    bairro: text,
    mun: text,
    uf: text,
  }),
})

export type Row = z.output<typeof rowSchema>

/** A row, or undefined for what has not its form. */
export const readRow = (raw: unknown): Row | undefined => rowSchema.safeParse(raw).data
