import { textOf } from "./xml.ts"

/** What S3 answers instead of success; `code` is its own (`AccessDenied`), or empty where it gives none. */
export class S3Error extends Error {
  override name = "S3Error"
  readonly status: number
  readonly code: string

  constructor(message: string, status: number, code: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** The error an answer tells of: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function refusal(method: string, url: string, status: number, text: string): S3Error {
  const { code = "", message = "" } = errorIn(text) ?? {}
  const reason = [`${status} ${code}`.trim(), message].filter(Boolean).join(": ")
  return new S3Error(`S3 refuses to ${method} ${url}: ${reason}`, status, code)
}

/** The error in the text of an answer, if there is one. */
export const errorIn = (text: string) =>
  /^\s*(?:<\?xml[^>]*>\s*)?<Error>/.test(text)
    ? { code: textOf(text, "Code"), message: textOf(text, "Message") }
    : undefined

/** Whether to try again may help: S3 has trouble or wants less haste, or there was no answer. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof S3Error) ||
  error.status >= 500 ||
  error.status === 429 ||
  error.code === "RequestTimeout"

/** Undefined for an object, or an upload, that is not there; any other error is thrown, as that there is no such bucket. */
export function ifMissing(error: unknown): undefined {
  const isMissing =
    error instanceof S3Error && error.status === 404 && /^(?:NoSuchKey|NoSuchUpload)?$/.test(error.code)
  if (!isMissing) throw error
}
