import type postgres from "postgres"
import { type AddressParts, formatAddress } from "../../lib/address.ts"
import type { SubjectType } from "../../lib/exports/subjects.ts"
import type { Db } from "../pool.ts"

type Query = postgres.PendingQuery<postgres.Row[]>

/** Who data are kept of, by what they are: an account can be that of an owner, of a renter, or of both. */
export interface Identity {
  type: SubjectType
  id: number
  agencyId: number
  /** Their verified address. */
  email: string
  userId: number | null
  renterId: number | null
  ownerId: number | null
}

/** What else a person is in the agency, by their account. */
export async function findIdentity(
  type: SubjectType,
  id: number,
  agencyId: number,
  email: string,
  tx: Db,
): Promise<Identity> {
  const linked = async (table: "owners" | "renters") => {
    const [found] = await tx<{ id: number }[]>`select id from ${tx(table)} where user_id = ${id}`
    return found?.id ?? null
  }
  return {
    type,
    id,
    agencyId,
    email,
    userId: type === "user" ? id : null,
    renterId: type === "renter" ? id : type === "user" ? await linked("renters") : null,
    ownerId: type === "owner" ? id : type === "user" ? await linked("owners") : null,
  }
}

/**
 * What is kept of a person, by category. Columns are named one by one: what identifies somebody to machines (password hashes,
 * tokens) and what is of other people (a renter's owner, an owner's renters, who is to be called in an emergency, who looks
 * after an inquiry, whom the subject of a mail or a notification, or the data of a mail that is no news, names) is in none. Days
 * and sums are as they are kept, moments in UTC.
 */
export const subjectData = {
  profile: ({ userId, renterId, ownerId, type, id }, tx) => tx`
    select 'account' as kind, name, email, role, locale, null as phone, null as tax_id, null as identity_card,
      null::date::text as born_on, null as profession, null::bigint as income_cents, null as street, null as number,
      null as complement, null as district, null as city, null as uf, null as zip_code, null as bank_name, null as bank_branch,
      null as bank_account, null as pix_key, email_verified_at, created_at
    from users where id = ${userId}
    union all
    select 'renter', name, email, null, null, phone, tax_id, identity_card, born_on::text, profession, income_cents,
      null, null, null, null, null, null, null, null, null, null, null, email_verified_at, created_at
    from renters where id = ${renterId}
    union all
    select 'owner', name, email, null, null, phone, tax_id, null, null, null, null,
      street, number, complement, district, city, uf, zip_code, bank_name, bank_branch, bank_account, pix_key,
      email_verified_at, created_at
    from owners where id = ${ownerId}
    union all
    select 'lead', name, email, null, null, phone, null, null, null, null, null,
      null, null, null, null, null, null, null, null, null, null, null, email_verified_at, created_at
    from leads where ${type === "lead"} and id = ${id}
  `,
  properties: ({ ownerId }, tx) => tx`
    select code, title, description, type, category, status, rent_cents, price_cents, condo_cents, iptu_cents, street, number,
      complement, district, city, uf, zip_code, bedrooms, bathrooms, parking_spaces, area_m2, features, listed_on::text, created_at
    from properties where owner_id = ${ownerId} order by id
  `,
  contracts: ({ renterId, ownerId }, tx) => tx`
    select contract.number, case when contract.renter_id = ${renterId} then 'renter' else 'owner' end as as_what, contract.status,
      start_date::text, end_date::text, ended_on::text, signed_on::text, due_day, contract.rent_cents, contract.condo_cents,
      contract.iptu_cents,
      case when contract.owner_id = ${ownerId} then administration_fee_percent end as administration_fee_percent, late_fee_percent, condo_late_fee_percent, interest_percent_month,
      grace_days, adjustment_index, guarantee, deposit_cents, property.street, property.number as street_number,
      property.complement, property.district, property.city, property.uf, property.zip_code, contract.created_at
    from rental_contracts as contract
    join properties as property on property.id = contract.property_id
    where contract.renter_id = ${renterId} or contract.owner_id = ${ownerId}
    order by contract.id
  `,
  payments: ({ renterId }, tx) => tx`
    select contract.number as contract, reference_month::text, due_date::text, payable_until::text, payment.rent_cents,
      payment.condo_cents, payment.iptu_cents, extra_cents, extra_description, discount_cents, discount_description, total_cents,
      late_fee_cents, interest_cents, paid_cents, paid_on::text, method, payment.status, payment.created_at
    from rental_payments as payment
    join rental_contracts as contract on contract.id = payment.contract_id
    where contract.renter_id = ${renterId}
    order by reference_month, payment.id
  `,
  invoices: ({ renterId }, tx) => tx`
    select invoice.number, contract.number as contract, reference_month::text, issued_on::text, invoice.due_date::text,
      principal_cents, invoice.late_fee_cents, invoice.interest_cents, invoice.total_cents, correction_reason, notes, invoice.created_at
    from invoices as invoice
    join rental_payments as payment on payment.id = invoice.payment_id
    join rental_contracts as contract on contract.id = payment.contract_id
    where contract.renter_id = ${renterId}
    order by invoice.id
  `,
  reminders: ({ renterId }, tx) => tx`
    select contract.number as contract, reference_month::text, reminder.type, reminder.days, local_date::text, days_overdue,
      principal_cents, reminder.late_fee_cents, reminder.interest_cents, amount_cents, pix_code, channels, reminder.created_at
    from payment_reminders as reminder
    join rental_payments as payment on payment.id = reminder.payment_id
    join rental_contracts as contract on contract.id = reminder.contract_id
    where contract.renter_id = ${renterId}
    order by reminder.id
  `,
  refunds: ({ renterId }, tx) => tx`
    select contract.number as contract, reference_month::text, amount_cents, refunded_on::text, reason, refund.created_at
    from rental_refunds as refund
    join rental_payments as payment on payment.id = refund.payment_id
    join rental_contracts as contract on contract.id = payment.contract_id
    where contract.renter_id = ${renterId}
    order by refunded_on, refund.id
  `,
  transfers: ({ ownerId }, tx) => tx`
    select reference_month::text, gross_cents, fee_cents, deductions_cents, net_cents, status, transferred_on::text, created_at
    from rental_transfers where owner_id = ${ownerId} order by reference_month
  `,
  deductions: ({ ownerId }, tx) => tx`
    select property.code as property, deducted_on::text, kind, deduction.description, amount_cents, deduction.created_at
    from owner_deductions as deduction
    left join properties as property on property.id = property_id
    where deduction.owner_id = ${ownerId}
    order by deducted_on, deduction.id
  `,
  inquiries: ({ type, id, agencyId, email }, tx) => tx`
    select lead.name, lead.email, lead.phone, message, source, interest, budget_cents, lead.status, property.code as property,
      property.title as property_title, contacted_at, visited_at, proposed_at, won_at, lost_at, lead.created_at
    from leads as lead
    left join properties as property on property.id = property_id
    where lead.agency_id = ${agencyId} and (lead.email = ${email} or (${type === "lead"} and lead.id = ${id}))
    order by lead.id
  `,
  emails: ({ email }, tx) => tx`
    select recipient, template, locale, status, sent_at, delivered_at, opened_at, clicked_at, bounced_at, complained_at, created_at
    from email_messages where recipient = ${email} order by created_at, id
  `,
  mailings: ({ email }, tx) => tx`
    select recipient.email, template, mailing.list, coalesce(recipient.locale, mailing.locale) as locale,
      case when mailing.list is not null then recipient.data::text end as data, recipient.created_at
    from mailing_recipients as recipient
    join mailings as mailing on mailing.id = mailing_id
    where address = lower(${email})
    order by recipient.id
  `,
  subscriptions: ({ email }, tx) => tx`
    select list, agency.name as agency, unsubscription.created_at
    from email_unsubscriptions as unsubscription
    left join agencies as agency on agency.id = agency_id
    where unsubscription.email = lower(${email})
    order by unsubscription.created_at
  `,
  notifications: ({ userId }, tx) => tx`
    select category, type, in_app, read_at, created_at,
      (select count(*)::int from push_deliveries where notification_id = notifications.id and status in ('sent', 'delivered')) as devices
    from notifications where user_id = ${userId} order by id
  `,
  devices: ({ userId }, tx) => tx`
    select channel, case channel when 'webpush' then substring(endpoint from '^https?://[^/?#]+') else 'https://exp.host' end as service,
      user_agent, seen_at, last_ok_at, disabled_at, created_at
    from push_subscriptions where user_id = ${userId} order by id
  `,
  preferences: ({ userId }, tx) => tx`
    select mail, in_app, push, categories::text, quiet_from::text, quiet_until::text, time_zone, locale, created_at, updated_at
    from notification_preferences where user_id = ${userId}
  `,
  suppressions: ({ email }, tx) => tx`
    select email, reason, created_at from email_suppressions where email = lower(${email})
  `,
  consents: (identity, tx) => tx`
    select purpose, status, given_at, ended_at, source, created_at
    from consents where ${isOf(identity, tx)} order by given_at, id
  `,
  accesses: (identity, tx) => tx`
    select at, action, case when user_id = ${identity.userId} then host(address) end as address,
      case when user_id = ${identity.userId} then user_agent end as user_agent
    from access_logs
    where ${isOf(identity, tx)} or user_id = ${identity.userId}
    union all
    select created_at, action, address, null from audit_log where phase = 'asked' and actor = 'user:' || ${identity.userId}::bigint
    order by at, action
  `,
  requests: (identity, tx) => tx`
    select format, status, requested_at, deadline_at, completed_at, expires_at, downloads
    from exports where ${isOf(identity, tx)} order by requested_at, id
  `,
} satisfies Record<string, (identity: Identity, tx: Db) => Query>

/** What says whom it is about by what they are: by anything that this person is. */
const isOf = ({ type, id, userId, renterId, ownerId }: Identity, tx: Db) => tx`
  (subject_type, subject_id) in (
    (${type}, ${id}::bigint), ('user', ${userId}::bigint), ('renter', ${renterId}::bigint), ('owner', ${ownerId}::bigint)
  )
`

export type Category = keyof typeof subjectData

export const categories = Object.keys(subjectData) as Category[]

/** What people are told of a category of data. */
export interface Activity {
  category: Category
  title: string
  purpose: string
  legalBasis: string
  origin: string
  retention: string
  sharedWith: string[]
}

/** The record of processing, by category. */
export const findActivities = (tx: Db) => tx<Activity[]>`
  select category, title, purpose, legal_basis, origin, retention, shared_with from processing_activities order by category
`

/** Who is responsible for the data of an agency, as people are told. */
export interface Controller {
  name: string
  legalName: string | null
  cnpj: string | null
  email: string | null
  phone: string | null
  address: string | null
}

/** The agency that keeps the data. */
export async function findController(agencyId: number, tx: Db): Promise<Controller> {
  const [{ name, legalName, cnpj, email, phone, ...address }] = await tx<
    [Omit<Controller, "address"> & AddressParts]
  >`
    select name, legal_name, cnpj, email, phone, street, number, complement, district, city, uf, zip_code
    from agencies where id = ${agencyId}
  `
  return { name, legalName, cnpj, email, phone, address: formatAddress(address) || null }
}
