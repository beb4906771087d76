import { Elysia } from "elysia"
import { latestDocument } from "../../db/invoice-documents.ts"
import { findInvoice, type Invoice, issueInvoiceIn } from "../../db/invoices.ts"
import { enqueueIn } from "../../db/outbox.ts"
import { pool } from "../../db/pool.ts"
import { PayloadError } from "../../lib/errors.ts"
import { InvoiceRefused } from "../../lib/invoices/refused.ts"
import { invoice } from "../../lib/jobs/invoice.ts"
import { attachment } from "../../lib/storage/filename.ts"
import { contentTypeOf } from "../../lib/storage/key.ts"
import { storage } from "../../lib/storage/storage.ts"
import { allow } from "../access/allow.ts"
import { actorOf, callOf, describeChange } from "../access/principal.ts"
import { documentInvoice, documentInvoiceIssue, documentInvoicePdf } from "../documentation/invoices.ts"
import { HttpError } from "../errors.ts"
import { isId } from "../ids.ts"
import { tellInvoice } from "../invoices.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import { invoiceRequest } from "../requests/invoices.ts"

const AWAY = "PostgreSQL, which keeps the invoices, does not answer: try again in a moment"

const queue = invoice.name

/** Invoices: issue one, look at it, fetch its PDF. */
export const invoiceRoutes = new Elysia({ prefix: "/api/admin/invoices" })
  .post(
    "",
    ({ body, request, status }) => issue(body, request).then((issued) => status(202, issued)),
    allow("operate", documentInvoiceIssue(), { action: "invoice.issue", queue }),
  )
  .get("/:id", ({ params }) => show(params.id), allow("read", documentInvoice(), { queue }))
  .get(
    "/:id/pdf",
    ({ params, request }) => download(params.id, request),
    allow("operate", documentInvoicePdf(), { action: "invoice.download", queue }),
  )

const STATUS = { unknown: 404, foreign: 403, past: 400, settled: 409, issued: 409, corrected: 409 } as const

async function issue(body: unknown, request: Request) {
  const { userId: given, sendEmail, ...asked } = parse(invoiceRequest, body)
  const userId = given ?? callOf(request)?.principal.session?.user.id
  if (userId === undefined)
    throw new PayloadError("Bad request", [
      { path: "userId", message: "the id of who asks for it, since nobody has logged in" },
    ])
  const askedBy = actorOf(request)
  // In one transaction: what is issued has its PDF made, whatever fails in between.
  const issuing = pool().begin(async (tx) => {
    const issued = await issueInvoiceIn(tx, { ...asked, userId, issuedBy: askedBy })
    const payload = { invoiceId: issued.id, userId, sendEmail }
    const jobId = await enqueueIn(tx, invoice, payload, {}, { name: "generate-invoice", askedBy })
    return { issued, jobId }
  })
  const { issued, jobId } = await fromPostgres(issuing.catch(refuse), AWAY)
  describeChange(request, { target: issued.number, after: tellInvoice(issued, undefined) })
  return {
    invoice: tellInvoice(issued, undefined),
    jobId,
    queue,
    status: "accepted" as const,
    statusUrl: `/api/jobs/${queue}/${jobId}`,
  }
}

function refuse(error: unknown): never {
  throw error instanceof InvoiceRefused ? new HttpError(STATUS[error.reason], error.message) : error
}

async function show(id: string) {
  const issued = await there(id)
  return tellInvoice(issued, await fromPostgres(latestDocument(issued.id), AWAY))
}

async function download(id: string, request: Request) {
  const { number, content, ...issued } = await there(id)
  describeChange(request, { target: number })
  const document = await fromPostgres(latestDocument(issued.id), AWAY)
  const file = document && (await storage().get(document.storageKey))
  if (!file)
    throw new HttpError(
      404,
      `There is no PDF of invoice ${number}: have it made with POST /api/jobs/${queue}`,
    )
  const name = content.locale === "en" ? "invoice" : "fatura"
  return new Response(file, {
    headers: {
      "content-type": contentTypeOf(document.storageKey),
      "content-length": String(document.size),
      "content-disposition": attachment(`${name}-${number}.pdf`),
    },
  })
}

/** An invoice that was asked for; throws 404 when there is none. */
async function there(id: string): Promise<Invoice> {
  const found = isId(id) && (await fromPostgres(findInvoice(Number(id)), AWAY))
  if (found) return found
  throw new HttpError(404, `No invoice ${String(id).slice(0, 100)}`)
}
