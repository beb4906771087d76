import { type Email, type IsRefused, parseEmail } from "./email.ts"
import { Refusal } from "./errors.ts"

/** Mails of one request. */
const most = 100

type Validation = "strict" | "permissive"

interface Fault {
  index: number
  message: string
}

/** What a request asks for by `x-batch-validation`: `strict` lets all of a batch fail with one mail of it. */
export function validationOf(request: Request): Validation {
  const asked = request.headers.get("x-batch-validation") ?? "strict"
  if (asked === "strict" || asked === "permissive") return asked
  throw invalid("The `x-batch-validation` header must be `strict` or `permissive`.")
}

/** The mails that a request's body asks for; when it is permissive, with the faults of those that are none. */
export function parseBatch(
  body: unknown,
  validation: Validation,
  isRefused: IsRefused,
): { emails: Email[]; errors?: Fault[] } {
  if (!Array.isArray(body)) throw invalid("The request body must be a JSON array of emails.")
  if (body.length === 0 || body.length > most)
    throw invalid(`A batch must have between 1 and ${most} emails.`)
  if (validation === "strict") return { emails: body.map((item) => parseItem(item, isRefused)) }

  const emails: Email[] = []
  const errors: Fault[] = []
  for (const [index, item] of body.entries()) {
    try {
      emails.push(parseItem(item, isRefused))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      errors.push({ index, message: error.message })
    }
  }
  return { emails, errors }
}

function parseItem(item: unknown, isRefused: IsRefused) {
  const email = parseEmail(item, isRefused)
  if (email.attachments) throw invalid("The `attachments` field is not supported in a batch.")
  return email
}

const invalid = (message: string) => new Refusal("validation_error", { message })
