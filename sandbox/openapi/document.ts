import type { JsonSchema } from "./arbitrary.ts"

interface Body {
  required?: boolean
  content: Record<string, { schema?: JsonSchema; example?: unknown }>
}

interface Documented {
  operationId?: string
  summary?: string
  security?: object[]
  parameters?: { name: string; in: "path" | "query"; schema: JsonSchema }[]
  requestBody?: Body
  responses?: Record<string, { description: string; content?: Body["content"] }>
}

/** A way to ask, as the API's own description has it. */
export interface Operation extends Documented {
  method: string
  path: string
}

/** The API's description of itself, and every way to ask that it lists. */
export async function describedBy(url: string, key: string) {
  const response = await fetch(`${url}/openapi/json`, { headers: { authorization: `Bearer ${key}` } })
  const description = (await response.json()) as { paths: Record<string, Record<string, Documented>> }
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, documented]): Operation => ({ method: method.toUpperCase(), path, ...documented }),
    ),
  )
  return { description, operations }
}
