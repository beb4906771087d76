import Ajv, { type ValidateFunction } from "ajv/dist/2020"
import addFormats from "ajv-formats"
import type { Operation } from "./document.ts"

/** An answer as it came. */
export interface Answer {
  status: number
  contentType: string | null
  text: string
}

/** Compares answers with what the description of their operation says of that status. */
export function createAnswerCheck() {
  const ajv = new Ajv({ strict: false, allErrors: true, formats: { base64: true } })
  addFormats(ajv)
  const compiled = new Map<object, ValidateFunction>()
  const takes = (schema: object) => {
    const known = compiled.get(schema) ?? ajv.compile(schema)
    compiled.set(schema, known)
    return known
  }

  /** What is wrong with an answer; undefined when it is as described. */
  return ({ responses = {} }: Operation, { status, contentType, text }: Answer): string | undefined => {
    const described = responses[status]
    if (!described) return `${status} is not described`
    const { content } = described
    if (!content) return undefined
    const [type = ""] = (contentType ?? "").split(";")
    const body = content[type]
    if (!body) return `${type || "no content type"} instead of ${Object.keys(content).join(" or ")}`
    if (type !== "application/json" || !body.schema) return undefined
    const isAsDescribed = takes(body.schema)
    if (isAsDescribed(JSON.parse(text))) return undefined
    return ajv.errorsText(isAsDescribed.errors, { dataVar: "" })
  }
}
