import fc from "fast-check"
import { anything, brokenOf, type JsonSchema, text, valuesOf } from "./arbitrary.ts"
import type { Operation } from "./document.ts"

/** A request as it is sent. */
export interface Sent {
  operation: Operation
  path: string
  headers: Record<string, string>
  body?: string
}

/** What in a path is no text, once it is decoded. */
const BROKEN = "%ED%A0%80"

/** What is in paths: what may be there, given as `known`, and what never is. */
const inPaths = (known: string[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known) },
    fc.constant(BROKEN),
    fc.uuid(),
    fc.nat().map(String),
    text.filter((text) => text.length > 0 && text.isWellFormed()),
  )

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value))
const encoded = (value: string) => encodeURIComponent(value.toWellFormed())

/** Requests for one way to ask, as its description has them and broken. */
export function requestsFor(operation: Operation, known: Record<string, string[]>): fc.Arbitrary<Sent> {
  const { parameters = [], requestBody } = operation
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const places = fc.record(Object.fromEntries(names.map((name) => [name, inPaths(known[name] ?? ["1"])])))
  const query = fc.record(
    Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === "query")
        .map(({ name, schema }) => [name, fc.oneof({ weight: 3, arbitrary: valuesOf(schema) }, anything)]),
    ),
    { requiredKeys: [] },
  )
  return fc.tuple(places, query, bodiesOf(requestBody)).map(([places, query, sent]) => {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) =>
      places[name] === BROKEN ? BROKEN : encoded(places[name]!),
    )
    const words = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(asText(value))}`)
    return { operation, path: `${path}${words.length ? `?${words.join("&")}` : ""}`, ...sent }
  })
}

type Body = Pick<Sent, "headers" | "body">

function bodiesOf(requestBody: Operation["requestBody"]): fc.Arbitrary<Body> {
  if (!requestBody) return fc.constant({ headers: {} })
  const form = requestBody.content["application/x-www-form-urlencoded"]
  if (form) return formsOf(form.schema ?? {})
  const { schema = {}, example } = requestBody.content["application/json"]!
  const valid = valuesOf(schema)
  const asJson = (value: unknown): Body => ({
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value) ?? "",
  })
  const raw = fc.record({
    headers: fc.record({
      "content-type": fc.constantFrom("application/json", "text/plain", "application/xml"),
    }),
    body: fc.oneof(text, fc.json()).map((text) => text.toWellFormed()),
  })
  return fc.oneof(
    { weight: 4, arbitrary: valid.map(asJson) },
    { weight: 4, arbitrary: brokenOf(fc.constant(example)).map(asJson) },
    { weight: 2, arbitrary: brokenOf(valid).map(asJson) },
    { weight: 1, arbitrary: fc.constant(example).map(asJson) },
    { weight: 1, arbitrary: raw },
  )
}

/** Forms as they are described, others, and what is none. */
function formsOf(schema: JsonSchema): fc.Arbitrary<Body> {
  const types = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
  const filled = (value: unknown) =>
    new URLSearchParams(
      Object.entries((value ?? {}) as object).map(([name, text]) => [name, asText(text) ?? ""]),
    ).toString()
  const bodies = fc.oneof(
    { weight: 4, arbitrary: valuesOf(schema).map(filled) },
    { weight: 2, arbitrary: brokenOf(valuesOf(schema)).map(filled) },
    { weight: 1, arbitrary: text.map((text) => text.toWellFormed()) },
  )
  return fc.record({ headers: fc.record({ "content-type": fc.constantFrom(...types) }), body: bodies })
}
