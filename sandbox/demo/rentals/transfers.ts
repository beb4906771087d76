import { addMonths, dayOfMonth, monthOf } from "../../../lib/days.ts"
import { nextBusinessDay } from "../../../lib/holidays.ts"
import { demoContracts } from "./contracts.ts"
import type { demoDeductions } from "./deductions.ts"
import type { DemoPayment } from "./payments.ts"
import type { DemoRefund } from "./refunds.ts"

/** The day of the next month on which owners get theirs. */
const TRANSFER_DAY = 12

interface Movement {
  owner: string
  agency: string
  /** The month it counts in. */
  month: string
  grossCents: number
  feeCents: number
  deductionsCents: number
}

/** What each owner got for each month that is over: rent received less refunds, less the agency's fee and deductions. */
export function demoTransfers(
  payments: DemoPayment[],
  refunds: DemoRefund[],
  deductions: ReturnType<typeof demoDeductions>,
  today: string,
) {
  const contracts = demoContracts(today)
  const rent = (of: DemoPayment, cents: number, day: string): Movement => {
    const { owner, agency, row } = contracts[of.contract]!
    const paid = Math.min(Math.abs(cents), rentReceived(of))
    const feeCents = Math.sign(cents) * Math.round((paid * row.administrationFeePercent) / 100)
    return { owner, agency, month: monthOf(day), grossCents: cents, feeCents, deductionsCents: 0 }
  }
  const movements: Movement[] = [
    ...payments.filter(({ row }) => row.paidOn).map((of) => rent(of, rentReceived(of), of.row.paidOn!)),
    ...refunds.map(({ payment, row }) => rent(payments[payment]!, -row.amountCents, row.refundedOn)),
    ...deductions.map(({ owner, agency, row }) => ({
      ...{ owner, agency, month: monthOf(row.deductedOn), grossCents: 0, feeCents: 0 },
      deductionsCents: row.amountCents,
    })),
  ]
  const byOwner = Map.groupBy(
    movements.filter(({ month }) => month < monthOf(today)),
    ({ owner, month }) => `${owner} ${month}`,
  )
  return [...byOwner.values()].map((each) => {
    const { owner, agency, month } = each[0]!
    const due = nextBusinessDay(dayOfMonth(addMonths(month, 1), TRANSFER_DAY))
    return {
      owner,
      agency,
      row: {
        referenceMonth: `${month}-01`,
        grossCents: sumOf(each, "grossCents"),
        feeCents: sumOf(each, "feeCents"),
        deductionsCents: sumOf(each, "deductionsCents"),
        status: due <= today ? "paid" : "pending",
        transferredOn: due <= today ? due : null,
      },
    }
  })
}

const rentReceived = ({ row }: DemoPayment) =>
  Math.max(0, row.paidCents - row.condoCents - row.iptuCents - row.extraCents)

const sumOf = (movements: Movement[], name: "grossCents" | "feeCents" | "deductionsCents") =>
  movements.reduce((sum, movement) => sum + movement[name], 0)
