import { addDays, addMonths, dayOfMonth, monthOf } from "../../../lib/days.ts"
import { centsOf, lineOf, tables } from "./tables.ts"

/** What a year adds to a rent, by the index of its contract. */
const YEARLY = { "IGP-M": 1.0387, IPCA: 1.0462, INPC: 1.0441 } as const

/** The contracts as they are on a day, with the keys of whom they are of and how their renters pay. */
export function demoContracts(today: string) {
  return tables.contracts.map((contract, index) => {
    const property = lineOf("properties", contract.property!)
    const month = (offset: number) => addMonths(monthOf(today), offset)
    const startDate = dayOfMonth(month(Number(contract.start)), Number(contract.day))
    const endDate = addDays(
      dayOfMonth(addMonths(monthOf(startDate), Number(contract.months)), Number(contract.day)),
      -1,
    )
    const endedOn = contract.ended ? dayOfMonth(month(Number(contract.ended)), 31) : null
    const rentCents = rentIn(index, monthOf(endedOn ?? today), monthOf(startDate))
    return {
      agency: property.agency!,
      property: property.key!,
      owner: property.owner!,
      renter: contract.renter!,
      habit: contract.habit as Habit,
      unpaid: Number(contract.unpaid),
      row: {
        number: `${startDate.slice(0, 4)}/${String(101 + index)}`,
        status: endedOn === null ? "active" : endedOn < endDate ? "terminated" : "expired",
        ...{ startDate, endDate, endedOn, dueDay: Number(contract.due), rentCents },
        condoCents: centsOf(property.condo),
        iptuCents: centsOf(property.iptu),
        administrationFeePercent: Number(contract.fee),
        lateFeePercent: Number(contract.late),
        condoLateFeePercent: Number(contract["condo late"]),
        interestPercentMonth: Number(contract.interest),
        graceDays: Number(contract.grace),
        adjustmentIndex: contract.index!,
        guarantee: contract.guarantee!,
        depositCents: contract.guarantee === "deposit" ? 3 * centsOf(property.rent) : 0,
        signedOn: addDays(startDate, -6),
      },
    }
  })
}

export type DemoContract = ReturnType<typeof demoContracts>[number]

export type Habit = "early" | "punctual" | "late" | "partial" | "mixed"

/** The rent of a contract in a month, which every year that has passed since it began has raised. */
export function rentIn(contract: number, month: string, started: string): number {
  const { property, index } = tables.contracts[contract]!
  const years = Math.floor(monthsBetween(started, month) / 12)
  const rate = YEARLY[index as keyof typeof YEARLY]
  return Math.round(centsOf(lineOf("properties", property!).rent) * rate ** years)
}

const monthsBetween = (start: string, end: string) =>
  (Number(end.slice(0, 4)) - Number(start.slice(0, 4))) * 12 + Number(end.slice(5)) - Number(start.slice(5))
