/** What is known of a table that can be exported: the column that a range of dates goes by, unless that is `created_at`. */
interface Exportable {
  dated?: string
}

/**
 * The tables that can be exported, and no others. What identifies people to machines is in none of their columns that can be. Whoever may have
 * what is of one agency alone gets all of a table that does not say whose its rows are: so `email_messages` is none of them.
 */
const exportable = {
  agencies: {},
  users: {},
  owners: {},
  renters: {},
  properties: { dated: "listed_on" },
  leads: {},
  rental_contracts: { dated: "start_date" },
  rental_payments: { dated: "due_date" },
  payment_reminders: { dated: "local_date" },
  invoices: { dated: "issued_on" },
  rental_refunds: { dated: "refunded_on" },
  owner_deductions: { dated: "deducted_on" },
  rental_transfers: { dated: "reference_month" },
  mailings: {},
  markets: {},
  market_stores: {},
  unmatched_stores: { dated: "last_seen_at" },
  products: {},
  product_barcodes: {},
  prices: { dated: "observed_at" },
  price_syncs: { dated: "started_at" },
  price_sync_products: { dated: "asked_at" },
} as const satisfies Record<string, Exportable>

export type TableName = keyof typeof exportable

export const tableNames = Object.keys(exportable) as TableName[]

/** Tables as other applications call them. */
export const tableAliases: Record<string, TableName> = {
  price_records: "prices",
  sync_jobs: "price_syncs",
}

/** The column that a range of dates goes by, if nothing else is said. */
export const datedBy = (table: TableName): string => (exportable[table] as Exportable).dated ?? "created_at"

/** Columns that are in no export: what somebody could log in with. */
export const isSecret = (column: string): boolean => /password|secret|token|hash|credential/.test(column)
