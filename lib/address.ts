import { z } from "zod"

/** Where something is, part by part; `zipCode` has eight digits. */
export const addressParts = z.object({
  street: z.string().nullable(),
  number: z.string().nullable(),
  complement: z.string().nullable(),
  district: z.string().nullable(),
  city: z.string().nullable(),
  uf: z.string().nullable(),
  zipCode: z.string().nullable(),
})

export type AddressParts = z.output<typeof addressParts>

/** An address as one writes it on an envelope, without what is not known of it: Rua XV de Novembro, 1234, ap. 52, Zona 01, Maringá/PR, 87013-230. */
export const formatAddress = ({
  street,
  number,
  complement,
  district,
  city,
  uf,
  zipCode,
}: AddressParts): string =>
  [
    street,
    number,
    complement,
    district,
    [city, uf].filter(Boolean).join("/"),
    zipCode?.replace(/^(\d{5})(\d{3})$/, "$1-$2"),
  ]
    .filter(Boolean)
    .join(", ")
