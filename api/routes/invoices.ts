import { Elysia } from "elysia"
import { latestDocument } from "../../db/invoice-documents.ts"
import { findInvoice, type Invoice, issueInvoice } from "../../db/invoices.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { PayloadError, RedisUnavailable } from "../../lib/errors.ts"
import { InvoiceRefused } from "../../lib/invoices/refused.ts"
import { invoice } from "../../lib/jobs/invoice.ts"
import { attachment } from "../../lib/storage/filename.ts"
import { contentTypeOf } from "../../lib/storage/key.ts"
import { storage } from "../../lib/storage/storage.ts"
import { allow } from "../access/allow.ts"
import { actorOf, callOf, describeChange } from "../access/principal.ts"
import { documentInvoice, documentInvoiceIssue, documentInvoicePdf } from "../documentation/invoices.ts"
import { HttpError } from "../errors.ts"
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
  const issuing = issueInvoice({ ...asked, userId, issuedBy: actorOf(request) }).catch((error) => {
    throw error instanceof InvoiceRefused ? new HttpError(STATUS[error.reason], error.message) : error
  })
  const issued = await fromPostgres(issuing, AWAY)
  describeChange(request, { target: issued.number, after: tellInvoice(issued, undefined) })
  const run = await queued(issued, userId, sendEmail)
  return {
    invoice: tellInvoice(issued, undefined),
    jobId: run.id,
    queue,
    status: run.status,
    statusUrl: `/api/jobs/${queue}/${run.id}`,
  }
}

/** It is issued, whatever becomes of its PDF. */
async function queued({ id, number }: Invoice, userId: number, sendEmail: boolean) {
  try {
    return await enqueue(invoice, { invoiceId: id, userId, sendEmail }, {}, { name: "generate-invoice" })
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error
    throw new HttpError(
      503,
      `Invoice ${number} (id ${id}) is issued, and Redis did not confirm the run that makes its PDF: ask for it with POST /api/jobs/${queue}`,
      { "retry-after": "5" },
    )
  }
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
  const found = /^[1-9]\d{0,14}$/.test(id) && (await fromPostgres(findInvoice(Number(id)), AWAY))
  if (found) return found
  throw new HttpError(404, `No invoice ${String(id).slice(0, 100)}`)
}
