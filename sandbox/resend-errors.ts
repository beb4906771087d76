const documented = {
  invalid_idempotency_key: [400, "Idempotency keys, if present, must have between 1 and 256 characters."],
  missing_api_key: [401, "Missing API key in the authorization header."],
  restricted_api_key: [401, "This API key is restricted to only send emails."],
  invalid_api_key: [403, "API key is invalid."],
  not_found: [404, "The requested endpoint does not exist."],
  method_not_allowed: [405, "Method is not allowed for the requested path."],
  concurrent_idempotent_requests: [
    409,
    "There is another request in progress with the same idempotency key.",
  ],
  invalid_idempotent_request: [
    409,
    "This idempotency key has been used with this HTTP method and endpoint within the last 24 hours, but the request body was modified and doesn't match the original request.",
  ],
  validation_error: [422, "An error was found with one or more fields in the request."],
  missing_required_field: [422, "The request body is missing one or more required fields."],
  invalid_attachment: [422, "Attachment must have either a `content` or `path`."],
  invalid_parameter: [422, "The `parameter` must be a valid UUID."],
  rate_limit_exceeded: [
    429,
    "Too many requests. Please limit the number of requests per second. Or contact support to increase rate limit.",
  ],
  daily_quota_exceeded: [429, "You have exceeded your daily email sending quota."],
  monthly_quota_exceeded: [429, "You have exceeded your monthly email sending quota."],
  application_error: [500, "An unexpected error occurred."],
  service_unavailable: [503, "API is temporarily unavailable"],
} satisfies Record<string, readonly [status: number, message: string]>

/** The names Resend documents for its errors. */
export type ErrorName = keyof typeof documented

interface ErrorDetails {
  name?: string | undefined
  status?: number | undefined
  message?: string | undefined
  headers?: Record<string, string> | undefined
}

/** A request that the service refuses, in the documented words where none are given. */
export class Refusal extends Error {
  readonly details: ErrorDetails

  constructor(name: ErrorName, details: Omit<ErrorDetails, "name"> = {}) {
    super(details.message ?? documented[name][1])
    this.details = { ...details, name }
  }
}

/** Resend's answer for an error, completed from its documentation by name, or else by status. */
export function errorResponse({
  name: wanted,
  status: given,
  message,
  headers = {},
}: ErrorDetails): Response {
  const [name, [status, words]] =
    Object.entries(documented).find(([name, [status]]) => (wanted ? name === wanted : status === given)) ??
    (["application_error", documented.application_error] as const)
  const statusCode = given ?? status
  return Response.json(
    { statusCode, message: message ?? words, name: wanted ?? name },
    { status: statusCode, headers },
  )
}
