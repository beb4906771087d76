import type { NamedFiles } from "./files/named.ts"
import { type Db, pool } from "./pool.ts"

/** The PDF of an invoice, as a run has made it; `size` in bytes. */
export interface InvoiceDocument {
  storageKey: string
  size: number
}

/** Record the PDF a run has stored; what an earlier try has recorded stands. */
export async function recordDocument(
  { invoiceId, runId, storageKey, size }: InvoiceDocument & { invoiceId: number; runId: string },
  db: Db = pool(),
) {
  await db`
    insert into invoice_documents (invoice_id, run_id, storage_key, size)
    values (${invoiceId}, ${runId}, ${storageKey}, ${size})
    on conflict (invoice_id, run_id) do nothing
  `
}

/** The PDF of an invoice that was made last. */
export async function latestDocument(
  invoiceId: number,
  db: Db = pool(),
): Promise<InvoiceDocument | undefined> {
  const [document] = await db<InvoiceDocument[]>`
    select storage_key, size
    from invoice_documents
    where invoice_id = ${invoiceId}
    order by created_at desc, run_id desc
    limit 1
  `
  return document
}

/** The files of invoices. */
export const invoiceFiles: NamedFiles = {
  table: "invoice_documents",
  column: "storage_key",
  folder: "invoices/",
  storage: "files",
}
