import { addMonths, dayOfMonth, monthOf } from "../../../lib/days.ts"
import { createRandom } from "../../fleet/random.ts"
import { tables } from "./tables.ts"

const SEED = 415

const MONTHS = 24

const WORKS = [
  ["maintenance", "Troca do aquecedor a gás", 68_000, 145_000],
  ["maintenance", "Conserto de vazamento no banheiro", 18_000, 62_000],
  ["maintenance", "Pintura entre locações", 120_000, 320_000],
  ["maintenance", "Troca de fechaduras", 14_000, 38_000],
  ["condo", "Fundo de reserva do condomínio", 9_000, 31_000],
  ["insurance", "Seguro contra incêndio, parcela anual", 16_000, 47_000],
  ["iptu", "Diferença de IPTU do ano anterior", 7_000, 52_000],
  ["legal", "Registro de notificação em cartório", 11_000, 24_000],
] as const

/** What was taken off what owners get, up to a day; about one of five owners in a month. */
export function demoDeductions(today: string) {
  const random = createRandom(SEED)
  const rentable = tables.properties.filter(({ category }) => category === "aluguel")
  return Array.from({ length: MONTHS }, (_, index) => addMonths(monthOf(today), index - MONTHS + 1))
    .flatMap((month) =>
      rentable.map((property) => {
        const [happens, kind, amount, day] = [random(), random(), random(), random()]
        const [name, description, least, most] = WORKS[Math.floor(kind * WORKS.length)]!
        const cents = Math.round((least + amount * (most - least)) / 50) * 50
        const deductedOn = dayOfMonth(month, 1 + Math.floor(day * 28))
        return { happens, property, row: { kind: name, description, amountCents: cents, deductedOn } }
      }),
    )
    .filter(({ happens, row }) => happens < 0.12 && row.deductedOn <= today)
    .map(({ property, row }) => ({
      owner: property.owner!,
      property: property.key!,
      agency: property.agency!,
      row,
    }))
}
