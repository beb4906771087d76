import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { addDays, addMonths, dayIn, dayOfMonth, daysBetween, monthOf } from "../../lib/days.ts"
import { lateCharges } from "../../lib/late-charges.ts"
import { collected, demoRows, type Payment, type Property, TODAY } from "../../sandbox/demo/figures.ts"
import { pool } from "../pool.ts"
import { moveToOwnDatabase } from "../testing.ts"
import { leadFunnel } from "./leads.ts"
import { EXPIRING, expiringRows, monthsOfRent, rentalMetrics } from "./metrics.ts"
import { overdueFigures, overdueRows } from "./overdue.ts"
import { ownerFigures, ownerRows } from "./owners.ts"
import { rentalFigures, rentalRows } from "./rental.ts"
import type { Scope } from "./scope.ts"

// Every figure is worked out a second time, row by row from the plain tables, and not the way SQL does it.

type Rows = Awaited<ReturnType<typeof demoRows>>

let rows: Rows

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
const within = (day: string | null, { start, end }: Scope) => day !== null && day >= start && day <= end

/** What a charge came to at the end of a day. */
function standing(charge: Payment, asOf: string) {
  const { id, totalCents, paidCents, paidOn, lateFeeCents, interestCents, status, payableUntil } = charge
  const refunded = sum(
    rows.refunds
      .filter((refund) => refund.paymentId === id && refund.refundedOn <= asOf)
      .map(({ amountCents }) => amountCents),
  )
  if (paidOn === null || paidOn > asOf)
    return { open: totalCents, paid: 0, state: payableUntil < asOf ? "overdue" : "pending" }
  if (status === "refunded")
    return { open: 0, paid: paidCents, state: refunded >= paidCents ? "refunded" : "paid" }
  const towards = paidCents - lateFeeCents - interestCents
  const open = towards >= totalCents ? 0 : totalCents - Math.max(0, towards)
  if (open === 0) return { open, paid: paidCents, state: "paid" }
  return {
    open,
    paid: paidCents,
    state: payableUntil < asOf ? "overdue" : paidCents ? "partially-paid" : "pending",
  }
}

const chargesOf = ({ agencyId, asOf }: Scope) =>
  rows.payments
    .filter((charge) => charge.agencyId === agencyId && charge.status !== "cancelled")
    .map((charge) => ({ charge, ...standing(charge, asOf) }))

const contractOf = (charge: Payment) => rows.contracts.find(({ id }) => id === charge.contractId)!

function checkedRental(scope: Scope) {
  const charges = chargesOf(scope)
  const due = charges.filter(({ charge }) => within(charge.dueDate, scope))
  const received = charges.filter(({ charge, paid }) => paid > 0 && within(charge.paidOn, scope))
  const listed = charges.filter((each) => due.includes(each) || received.includes(each))
  return {
    figures: {
      chargedCents: sum(due.map(({ charge }) => charge.totalCents)),
      receivedCents: sum(received.map(({ paid }) => paid)),
      refundedCents: sum(
        rows.refunds
          .filter(({ agencyId, refundedOn }) => agencyId === scope.agencyId && within(refundedOn, scope))
          .map(({ amountCents }) => amountCents),
      ),
      pendingCents: sum(due.filter(({ state }) => state !== "overdue").map(({ open }) => open)),
      overdueCents: sum(due.filter(({ state }) => state === "overdue").map(({ open }) => open)),
      rows: listed.length,
    },
    lines: listed
      .map(({ charge, state }) => `${contractOf(charge).number} ${charge.dueDate} ${state}`)
      .sort(),
  }
}

/** What an invoice to be paid on that day would ask for beside the charge: what was paid later was not paid then. */
const lateOf = (charge: Payment, asOf: string) =>
  lateCharges(
    charge.paidOn !== null && charge.paidOn > asOf
      ? { ...charge, paidCents: 0, paidOn: null, lateFeeCents: 0, interestCents: 0 }
      : charge,
    contractOf(charge),
    asOf,
  )

function checkedOverdue(scope: Scope) {
  const overdue = chargesOf(scope).filter(({ state }) => state === "overdue")
  const ages = [0, 0, 0, 0].map(() => ({ charges: 0, openCents: 0 }))
  for (const { charge, open } of overdue) {
    const days = daysBetween(charge.payableUntil, scope.asOf)
    const age = ages[days <= 30 ? 0 : days <= 60 ? 1 : days <= 90 ? 2 : 3]!
    age.charges += 1
    age.openCents += open
  }
  const late = overdue.map(({ charge }) => lateOf(charge, scope.asOf))
  return {
    openCents: sum(overdue.map(({ open }) => open)),
    lateFeeCents: sum(late.map(({ lateFeeCents }) => lateFeeCents)),
    interestCents: sum(late.map(({ interestCents }) => interestCents)),
    charges: overdue.length,
    renters: new Set(overdue.map(({ charge }) => contractOf(charge).renterId)).size,
    ages,
  }
}

/** By owner: gross, fee, deductions. */
function checkedOwners(scope: Scope) {
  const earned = new Map<number, [number, number, number]>()
  const add = (owner: number, gross: number, fee: number, deduction: number) => {
    const [grosses, fees, deductions] = earned.get(owner) ?? [0, 0, 0]
    earned.set(owner, [grosses + gross, fees + fee, deductions + deduction])
  }
  const feeOf = (cents: number, percent: number) => {
    // In whole hundredths of a percent, half a cent up: no binary fraction decides.
    const exact = BigInt(cents) * BigInt(Math.round(percent * 100))
    return Number((exact * 2n + 10_000n) / 20_000n)
  }
  const mine = (row: { agencyId: number }) => row.agencyId === scope.agencyId
  for (const payment of rows.payments.filter(mine)) {
    const contract = contractOf(payment)
    const rent = Math.max(0, payment.paidCents - payment.condoCents - payment.iptuCents - payment.extraCents)
    if (within(payment.paidOn, scope))
      add(contract.ownerId, rent, feeOf(rent, contract.administrationFeePercent), 0)
  }
  for (const refund of rows.refunds.filter(mine)) {
    const payment = rows.payments.find(({ id }) => id === refund.paymentId)!
    const contract = contractOf(payment)
    const { amountCents } = refund
    const rent = payment.paidCents - payment.condoCents - payment.iptuCents - payment.extraCents
    const ofRent = Math.min(amountCents, Math.max(0, rent))
    if (within(refund.refundedOn, scope))
      add(contract.ownerId, -amountCents, -feeOf(ofRent, contract.administrationFeePercent), 0)
  }
  for (const deduction of rows.deductions.filter(mine))
    if (within(deduction.deductedOn, scope)) add(deduction.ownerId, 0, 0, deduction.amountCents)
  return [...earned]
    .map(([owner, [gross, fee, deductions]]) => ({
      owner: rows.owners.find(({ id }) => id === owner)!.name,
      grossCents: gross,
      feeCents: fee,
      deductionsCents: deductions,
      netCents: gross - fee - deductions,
    }))
    .sort((one, other) => (one.owner < other.owner ? -1 : 1))
}

function checkedMetrics(scope: Scope) {
  const { agencyId, asOf } = scope
  const active = rows.contracts.filter(
    (contract) =>
      contract.agencyId === agencyId &&
      !["draft", "cancelled"].includes(contract.status) &&
      contract.startDate <= asOf &&
      (contract.endedOn === null || contract.endedOn >= asOf),
  )
  const isLet = (property: Property) => active.some(({ propertyId }) => propertyId === property.id)
  const toLet = rows.properties.filter(
    (property) =>
      property.agencyId === agencyId &&
      property.category === "aluguel" &&
      property.listedOn <= asOf &&
      (isLet(property) || ["available", "rented", "maintenance"].includes(property.status)),
  )
  const yearAgo = dayOfMonth(addMonths(monthOf(asOf), -12), Number(asOf.slice(8)))
  const ofTheYear = chargesOf(scope).filter(
    ({ charge }) => charge.dueDate > yearAgo && charge.dueDate <= asOf,
  )
  const soon = addDays(asOf, EXPIRING)
  const expiring = active.filter(({ endDate }) => endDate >= asOf && endDate <= soon)
  return {
    metrics: {
      activeContracts: active.length,
      openEnded: active.filter(({ endDate }) => endDate < asOf).length,
      expiring: expiring.length,
      rentCents: sum(active.map(({ rentCents }) => rentCents)),
      recurringCents: sum(
        active.map(({ rentCents, administrationFeePercent: percent }) =>
          Number((BigInt(rentCents) * BigInt(Math.round(percent * 100)) * 2n + 10_000n) / 20_000n),
        ),
      ),
      properties: toLet.length,
      occupied: toLet.filter(isLet).length,
      chargedCents: sum(ofTheYear.map(({ charge }) => charge.totalCents)),
      overdueCents: sum(ofTheYear.filter(({ state }) => state === "overdue").map(({ open }) => open)),
    },
    expiring: expiring.map(({ number }) => number).sort(),
    months: Array.from({ length: 12 }, (_, index) => {
      const month = addMonths(monthOf(asOf), index - 11)
      const charges = chargesOf(scope)
      return {
        month,
        chargedCents: sum(
          charges
            .filter(({ charge: { dueDate } }) => monthOf(dueDate) === month && dueDate <= asOf)
            .map(({ charge }) => charge.totalCents),
        ),
        receivedCents: sum(
          charges
            .filter(({ charge, paid }) => paid > 0 && monthOf(charge.paidOn!) === month)
            .map(({ paid }) => paid),
        ),
      }
    }),
  }
}

function checkedLeads(scope: Scope) {
  const reached = (moment: string | null) =>
    moment !== null && dayIn(scope.zone, new Date(moment)) <= scope.asOf
  const came = rows.leads.filter(
    ({ agencyId, createdAt }) =>
      agencyId === scope.agencyId && within(dayIn(scope.zone, new Date(createdAt)), scope),
  )
  return [...Map.groupBy(came, ({ source }) => source)]
    .map(([source, leads]) => {
      const count = (...stages: ("contactedAt" | "visitedAt" | "proposedAt" | "wonAt" | "lostAt")[]) =>
        leads.filter((lead) => stages.some((stage) => reached(lead[stage]))).length
      return {
        source,
        leads: leads.length,
        contacted: count("contactedAt", "visitedAt", "proposedAt", "wonAt"),
        visited: count("visitedAt", "proposedAt", "wonAt"),
        proposed: count("proposedAt", "wonAt"),
        won: count("wonAt"),
        lost: count("lostAt"),
      }
    })
    .sort((one, other) => other.leads - one.leads || (one.source < other.source ? -1 : 1))
}

/** Days, weeks over the ends of months and years, every month there is, years, all there is, and what nobody has lived in. */
const periods: [string, string][] = [
  ...["2026-02-10", "2026-02-28", "2025-12-31", "2026-01-01", "2026-03-14", TODAY].map(
    (day): [string, string] => [day, day],
  ),
  ["2025-12-29", "2026-01-04"],
  ["2026-01-26", "2026-02-01"],
  ...Array.from({ length: 26 }, (_, back): [string, string] => {
    const month = addMonths(monthOf(TODAY), -back)
    return [`${month}-01`, dayOfMonth(month, 31)]
  }),
  ["2024-01-01", "2024-12-31"],
  ["2025-01-01", "2025-12-31"],
  ["2023-06-15", "2026-03-15"],
  ["2010-01-01", "2010-01-31"],
]

let leave: () => Promise<void>

beforeAll(async () => {
  leave = await moveToOwnDatabase()
  rows = await demoRows()
})
afterAll(() => leave())

describe.each([1, 2])("of agency %d", (agencyId) => {
  test.each(periods)("from %s to %s, each figure is what the rows come to", async (start, end) => {
    const asOf = [end, TODAY].toSorted()[0]!
    const scope: Scope = { agencyId, start, end, asOf, zone: "America/Sao_Paulo" }
    await pool().begin(async (tx) => {
      const { figures, lines } = checkedRental(scope)
      expect(await rentalFigures(scope, tx)).toEqual(figures)
      const rental = await collected(rentalRows(scope, tx))
      expect(rental.map(({ contract, dueDate, state }) => `${contract} ${dueDate} ${state}`).sort()).toEqual(
        lines,
      )
      expect(sum(rental.map(({ chargedCents }) => chargedCents ?? 0))).toBe(figures.chargedCents)
      expect(sum(rental.map(({ receivedCents }) => receivedCents ?? 0))).toBe(figures.receivedCents)
      expect(sum(rental.map(({ openCents }) => openCents ?? 0))).toBe(
        figures.pendingCents + figures.overdueCents,
      )

      const overdue = checkedOverdue(scope)
      expect(await overdueFigures(scope, tx)).toEqual(overdue)
      const overdueLines = await collected(overdueRows(scope, tx))
      for (const name of ["openCents", "lateFeeCents", "interestCents"] as const)
        expect(sum(overdueLines.map((line) => line[name]))).toBe(overdue[name])
      for (const { payableUntil, daysOverdue } of overdueLines)
        expect(daysOverdue).toBe(daysBetween(payableUntil, asOf))

      const owners = checkedOwners(scope)
      expect(await collected(ownerRows(scope, tx))).toEqual(
        owners.map((owner) => expect.objectContaining(owner)),
      )
      expect(await ownerFigures(scope, tx)).toEqual({
        owners: owners.length,
        grossCents: sum(owners.map(({ grossCents }) => grossCents)),
        feeCents: sum(owners.map(({ feeCents }) => feeCents)),
        deductionsCents: sum(owners.map(({ deductionsCents }) => deductionsCents)),
        netCents: sum(owners.map(({ netCents }) => netCents)),
      })

      const { metrics, expiring, months } = checkedMetrics(scope)
      expect(await rentalMetrics(scope, tx)).toEqual(metrics)
      expect((await collected(expiringRows(scope, tx))).map(({ contract }) => contract).sort()).toEqual(
        expiring,
      )
      expect([...(await monthsOfRent(scope, tx))]).toEqual(months)

      expect([...(await leadFunnel(scope, tx))]).toEqual(checkedLeads(scope))
    })
  })
})

test("the demo has all that the figures have to tell apart", () => {
  const count = (some: unknown[]) => expect(some.length).toBeGreaterThan(0)
  count(rows.payments.filter(({ status }) => status === "partially_paid"))
  count(rows.payments.filter(({ status }) => status === "refunded"))
  count(
    rows.refunds.filter(({ paymentId, amountCents }) => {
      const { paidCents, condoCents, iptuCents } = rows.payments.find(({ id }) => id === paymentId)!
      return amountCents > paidCents - condoCents - iptuCents
    }),
  )
  count(rows.payments.filter(({ lateFeeCents }) => lateFeeCents > 0))
  count(rows.payments.filter(({ dueDate, payableUntil }) => monthOf(dueDate) !== monthOf(payableUntil)))
  count(rows.payments.filter(({ dueDate, paidOn }) => paidOn && monthOf(dueDate) !== monthOf(paidOn)))
  count(rows.contracts.filter(({ endDate, endedOn }) => endedOn === null && endDate < TODAY))
  count(checkedOwners({ agencyId: 1, start: "2023-01-01", end: TODAY, asOf: TODAY, zone: "UTC" }))
})

test("owners are told the same as what was transferred to them month by month", async () => {
  const transfers = await pool()<Transfer[]>`
    select owners.name as owner, to_char(reference_month, 'YYYY-MM') as month, gross_cents, fee_cents, deductions_cents, net_cents
    from rental_transfers
    join owners on owners.id = owner_id
    where owners.agency_id = 1
    order by owners.name
  `
  expect(transfers.length).toBeGreaterThan(100)
  for (const [month, paid] of Map.groupBy(transfers, ({ month }) => month)) {
    const [start, end] = [`${month}-01`, dayOfMonth(month, 31)]
    const scope = { agencyId: 1, start, end, asOf: end, zone: "UTC" }
    const told = await pool().begin((tx) => collected(ownerRows(scope, tx)))
    expect(told.map(({ payments: _, ...owner }) => owner)).toEqual(
      paid.map(({ month: _, ...owner }) => owner),
    )
  }
})

interface Transfer {
  owner: string
  month: string
  grossCents: number
  feeCents: number
  deductionsCents: number
  netCents: number
}

test("what is overdue costs what paying it that day would, whatever was paid of it and asked for before", async () => {
  await pool()`
    update rental_payments
    set status = 'partially_paid', late_fee_cents = id % 3 * 1000, interest_cents = id % 2 * 500,
      paid_cents = 1 + id * 104729 % total_cents, paid_on = payable_until + (id % 20)::int
    where status in ('pending', 'paid') and payable_until < ${addDays(TODAY, -20)}
      and not exists (select from rental_refunds where payment_id = rental_payments.id)
  `
  rows = await demoRows()
  for (const agencyId of [1, 2])
    for (const asOf of [TODAY, addDays(TODAY, -21), "2025-07-31"]) {
      const scope: Scope = { agencyId, start: asOf, end: asOf, asOf, zone: "America/Sao_Paulo" }
      const overdue = checkedOverdue(scope)
      expect(overdue.lateFeeCents).toBeGreaterThan(0)
      expect(overdue.interestCents).toBeGreaterThan(0)
      expect(await pool().begin((tx) => overdueFigures(scope, tx))).toEqual(overdue)
    }
})
