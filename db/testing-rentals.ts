import { addMonths, dayOfMonth } from "../lib/days.ts"
import { nextBusinessDay } from "../lib/holidays.ts"
import { pool } from "./pool.ts"

type Row = Record<string, unknown>

/** A home that is let, with the charges of so many months from the first on. */
interface Let {
  agency?: Row
  renter?: Row
  contract?: Row
  payment?: Row
  firstMonth?: string
  months?: number
}

const HOME = {
  street: "Rua XV de Novembro",
  number: "1234",
  complement: "ap. 52",
  district: "Zona 01",
  city: "Maringá",
  uf: "PR",
  zipCode: "87013230",
}

/** Have nothing of what is let, nor any agency; ids begin at 1. */
export async function emptyRentals() {
  await pool()`truncate agencies, users restart identity cascade`
}

/** An agency, its administrator, and a home it lets for R$ 1.550,00 due on the 10th, by terms that differ only where they are given. */
export async function letHome(given: Let = {}) {
  const { firstMonth = "2026-02", months = 1 } = given
  const insert = async (table: string, row: Row) => {
    const [inserted] = await pool()<
      [{ id: number }]
    >`insert into ${pool()(table)} ${pool()(row)} returning id`
    return inserted.id
  }
  const slug = `agency-${crypto.randomUUID()}`
  const agencyId = await insert("agencies", {
    ...{ name: "Imobiliária Araucária", slug, legalName: "Araucária Administradora de Imóveis Ltda" },
    ...{
      cnpj: "18452096000194",
      creci: "J-06.412",
      email: "contato@araucaria.example",
      phone: "+55 44 3025-1200",
    },
    ...{ ...HOME, pixKey: "financeiro@araucaria.example", brandColour: "#1f4d3a" },
    ...given.agency,
  })
  const userId = await insert("users", {
    ...{
      agencyId,
      name: "Helena Prado",
      email: `${slug}@araucaria.example`,
      passwordHash: "none",
      role: "admin",
    },
  })
  const ownerId = await insert("owners", { agencyId, name: "Antônio Carlos Bertolini", taxId: "11144477735" })
  const renterId = await insert("renters", {
    ...{ agencyId, name: "Ana Beatriz Moreira", email: "ana@example.com", taxId: "52998224725" },
    ...given.renter,
  })
  const propertyId = await insert("properties", {
    ...{
      agencyId,
      ownerId,
      code: "AR1002",
      title: "Apartamento de 2 quartos",
      type: "apartment",
      category: "aluguel",
    },
    ...{ status: "rented", rentCents: 155_000, listedOn: "2025-01-03", ...HOME },
  })
  const contract = {
    ...{
      agencyId,
      propertyId,
      ownerId,
      renterId,
      number: "2025/102",
      status: "active",
      dueDay: 10,
      rentCents: 155_000,
    },
    ...{ startDate: "2025-02-01", endDate: "2027-07-31", adjustmentIndex: "IPCA", guarantee: "deposit" },
    ...{
      administrationFeePercent: 10,
      lateFeePercent: 2,
      condoLateFeePercent: 2,
      interestPercentMonth: 1,
      graceDays: 0,
    },
    ...given.contract,
  }
  const contractId = await insert("rental_contracts", contract)
  const paymentIds: number[] = []
  for (let index = 0; index < months; index++) {
    const month = addMonths(firstMonth, index)
    const dueDate = dayOfMonth(month, contract.dueDay)
    const due = { dueDate, payableUntil: nextBusinessDay(dueDate), referenceMonth: `${month}-01` }
    paymentIds.push(
      await insert("rental_payments", { agencyId, contractId, ...due, rentCents: 155_000, ...given.payment }),
    )
  }
  return {
    agencyId,
    userId,
    ownerId,
    renterId,
    propertyId,
    contractId,
    paymentIds,
    paymentId: paymentIds[0]!,
  }
}
