import type { DocumentDecoration } from "elysia"
import { errors } from "./parts.ts"

type Responses = NonNullable<DocumentDecoration["responses"]>
type Paths = Record<string, Record<string, { responses: Responses }>>

const NO_TEXT = errors({ 404: "No such path: a part of it is not encoded UTF-8" })[404]!

/** The paths of the reference, with what is answered wherever a part of a path is no text. */
export const withNoText = (paths: Paths): Paths =>
  Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      path.includes("{") ? mapValues(methods, told) : methods,
    ]),
  )

const told = <Documented extends { responses: Responses }>(documented: Documented) => ({
  ...documented,
  responses: { ...documented.responses, 404: orNoText(documented.responses[404]) },
})

const orNoText = (described: Responses[string] | undefined) => {
  if (!described || "$ref" in described) return NO_TEXT
  return { ...described, content: { ...NO_TEXT.content, ...described.content } }
}

const mapValues = <One, Other>(record: Record<string, One>, map: (value: One) => Other) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
