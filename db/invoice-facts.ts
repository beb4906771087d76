import type { InvoiceFacts } from "../lib/invoices/draft.ts"
import type { Db } from "./pool.ts"

/** What an invoice of a payment is made from, of which contract and agency it is, and where that is. */
export interface FoundFacts {
  agencyId: number
  contractId: number
  timeZone: string
  facts: InvoiceFacts
}

/** The facts of a payment, which nobody changes until the transaction has ended. */
export async function lockInvoiceFacts(paymentId: number, tx: Db): Promise<FoundFacts | undefined> {
  const [found] = await tx<FoundFacts[]>`
    select
      agency.id as agency_id,
      contract.id as contract_id,
      agency.time_zone,
      jsonb_build_object(
        'payment', jsonb_build_object(
          'id', payment.id, 'status', payment.status,
          'reference_month', payment.reference_month, 'due_date', payment.due_date, 'payable_until', payment.payable_until,
          'rent_cents', payment.rent_cents, 'condo_cents', payment.condo_cents, 'iptu_cents', payment.iptu_cents,
          'extra_cents', extra_cents, 'extra_description', extra_description,
          'discount_cents', discount_cents, 'discount_description', discount_description,
          'total_cents', total_cents, 'late_fee_cents', late_fee_cents, 'interest_cents', interest_cents,
          'paid_cents', paid_cents, 'paid_on', paid_on
        ),
        'contract', jsonb_build_object(
          'number', contract.number, 'late_fee_percent', late_fee_percent, 'condo_late_fee_percent', condo_late_fee_percent,
          'interest_percent_month', interest_percent_month, 'grace_days', grace_days
        ),
        'property', jsonb_build_object('code', property.code) || ${addressOf("property", tx)},
        'landlord', jsonb_build_object('name', owner.name),
        'payer', jsonb_build_object('name', renter.name, 'tax_id', renter.tax_id),
        'agency', jsonb_build_object(
          'name', agency.name, 'legal_name', legal_name, 'cnpj', cnpj, 'creci', creci, 'email', agency.email, 'phone', agency.phone,
          'pix_key', agency.pix_key, 'brand_colour', brand_colour, 'accent_colour', accent_colour
        ) || ${addressOf("agency", tx)}
      ) as facts
    from rental_payments as payment
    join rental_contracts as contract on contract.id = contract_id
    join properties as property on property.id = property_id
    join owners as owner on owner.id = contract.owner_id
    join renters as renter on renter.id = renter_id
    join agencies as agency on agency.id = payment.agency_id
    where payment.id = ${paymentId}
    for update of payment
  `
  return found
}

const addressOf = (table: "agency" | "property", tx: Db) => tx`
  (
    select to_jsonb(address) from (select ${tx(table)}.street, ${tx(table)}.number, ${tx(table)}.complement,
      ${tx(table)}.district, ${tx(table)}.city, ${tx(table)}.uf, ${tx(table)}.zip_code) as address
  )
`
