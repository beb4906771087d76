import { addDays, addMonths, dayOfMonth, monthOf } from "../../../lib/days.ts"
import { nextBusinessDay } from "../../../lib/holidays.ts"
import { lateCharges } from "../../../lib/late-charges.ts"
import { createRandom } from "../../fleet/random.ts"
import { type DemoContract, demoContracts, type Habit, rentIn } from "./contracts.ts"

const SEED = 1988

/** Months of payments: those before the month of the day, that month, and the next. */
const MONTHS = 24

/** Months after which nothing is owed any more of what was paid in part. */
const SETTLED = 6

const EXTRAS = ["Segunda via do controle do portão", "Conserto da torneira da cozinha", "Taxa de mudança"]
const DISCOUNTS = ["Reparo pago pelo inquilino", "Desconto combinado"]

type Random = () => number

/** What was charged for a month, before anything is paid of it. */
type Charge = ReturnType<typeof chargeOf>

const unpaid = {
  paidCents: 0,
  paidOn: null as string | null,
  method: null as string | null,
  lateFeeCents: 0,
  interestCents: 0,
  status: "pending",
}

/** The payments of the contracts as they stand on a day, each with the place of its contract. */
export function demoPayments(today: string) {
  const random = createRandom(SEED)
  return demoContracts(today).flatMap((contract, index) =>
    chargedMonths(contract, today).map((month) => {
      const charge = chargeOf(contract, index, month, random)
      const isUnpaid = month > addMonths(lastMonth(contract, today), -contract.unpaid)
      // Drawn whether it is used or not: so what is known on a day is known on the next.
      const isRecent = month > addMonths(monthOf(today), -SETTLED)
      const paid = settle(charge, contract, isRecent, random)
      return { contract: index, row: { ...charge, ...(isUnpaid || paid.paidOn! > today ? unpaid : paid) } }
    }),
  )
}

export type DemoPayment = ReturnType<typeof demoPayments>[number]

const lastMonth = ({ row }: DemoContract, today: string) => monthOf(row.endedOn ?? today)

function chargedMonths(contract: DemoContract, today: string): string[] {
  const { startDate, endedOn, dueDay } = contract.row
  const first = Number(startDate.slice(8)) <= dueDay ? monthOf(startDate) : addMonths(monthOf(startDate), 1)
  const last = endedOn ? monthOf(endedOn) : addMonths(monthOf(today), 1)
  return Array.from({ length: MONTHS + 1 }, (_, index) =>
    addMonths(monthOf(today), index - MONTHS + 1),
  ).filter((month) => month >= first && month <= last)
}

function chargeOf({ row }: DemoContract, contract: number, month: string, random: Random) {
  const [extra, discount] = [random(), random()]
  const dueDate = dayOfMonth(month, row.dueDay)
  // The tax of a year is paid in ten parts, from February on.
  const part = Number(month.slice(5)) - 1
  return {
    referenceMonth: `${month}-01`,
    dueDate,
    payableUntil: nextBusinessDay(dueDate),
    rentCents: rentIn(contract, month, monthOf(row.startDate)),
    condoCents: row.condoCents,
    iptuCents: part >= 1 && part <= 10 ? row.iptuCents : 0,
    extraCents: extra < 0.05 ? 4_500 + Math.floor(extra * 400) * 1_000 : 0,
    extraDescription: extra < 0.05 ? EXTRAS[Math.floor(extra * 60)]! : null,
    discountCents: discount < 0.04 ? 5_000 + Math.floor(discount * 300) * 1_000 : 0,
    discountDescription: discount < 0.04 ? DISCOUNTS[Math.floor(discount * 50)]! : null,
  }
}

/** Days after the last on which it costs nothing; below nought, before it. */
const DAYS: Record<Habit, (random: Random) => number> = {
  early: (random) => -2 - Math.floor(random() * 8),
  punctual: (random) => -Math.floor(random() * 3),
  late: (random) => Math.floor(random() * 24) - 4,
  partial: (random) => Math.floor(random() * 8) - 3,
  mixed: (random) => Math.floor(random() * 16) - 9,
}

/** Of how many payments a renter of this habit pays a part alone. */
const PARTLY: Partial<Record<Habit, number>> = { partial: 0.3, late: 0.04 }

function settle(charge: Charge, { habit, row }: DemoContract, isRecent: boolean, random: Random) {
  const paidOn = addDays(charge.payableUntil, DAYS[habit](random))
  const [part, share, means] = [random(), random(), random()]
  const method = means < 0.55 ? "pix" : means < 0.85 ? "boleto" : means < 0.95 ? "transfer" : "cash"
  const totalCents =
    charge.rentCents + charge.condoCents + charge.iptuCents + charge.extraCents - charge.discountCents
  if (part < (PARTLY[habit] ?? 0) && isRecent) {
    const paidCents = Math.round((totalCents * (0.4 + share * 0.5)) / 1_000) * 1_000
    return { ...unpaid, paidCents, paidOn, method, status: "partially_paid" }
  }
  const owed = { ...charge, totalCents, lateFeeCents: 0, interestCents: 0, paidCents: 0, paidOn: null }
  const { lateFeeCents, interestCents } = lateCharges(owed, row, paidOn)
  const paidCents = totalCents + lateFeeCents + interestCents
  return { paidCents, paidOn, method, lateFeeCents, interestCents, status: "paid" }
}
