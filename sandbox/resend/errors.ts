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

interface ErrorDetails {
  name?: string | undefined
  status?: number | undefined
  message?: string | undefined
  headers?: Record<string, string> | undefined
}

/** A request that the service refuses, in the documented words where none are given. */
export class Refusal extends Error {
  readonly details: ErrorDetails

  constructor(name: keyof typeof documented, details: Omit<ErrorDetails, "name"> = {}) {
    super(details.message ?? documented[name][1])
    this.details = { ...details, name }
  }
}

/** Resend's answer for an error; what is left out is as documented for the name, or else for the status. */
export function errorResponse(details: ErrorDetails): Response {
  const usual = documentedFor(details)
  const { name = usual.name, status = usual.status, message = usual.message, headers = {} } = details
  return Response.json({ statusCode: status, message, name }, { status, headers })
}

function documentedFor(details: ErrorDetails) {
  const errors = Object.entries(documented).map(([name, [status, message]]) => ({ name, status, message }))
  const wanted = errors.find(({ name, status }) =>
    details.name ? name === details.name : status === details.status,
  )
  const [status, message] = documented.application_error
  return wanted ?? { name: "application_error", status, message }
}
