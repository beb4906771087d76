import { Refusal } from "./errors.ts"

const maxBytes = 40 * 1024 * 1024

/** The text of a request's body, up to the size of the largest mail. */
export async function readBody(request: Request): Promise<string> {
  const bytes = await request.bytes()
  if (bytes.length <= maxBytes) return new TextDecoder().decode(bytes)
  throw new Refusal("validation_error", { status: 413, message: "The request body must be at most 40 MB." })
}

/** The value of a JSON text, or the service's refusal of what is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal("validation_error", { status: 400, message: "The request body is not valid JSON." })
  }
}
