import type { DocumentDecoration } from "elysia"
import { PayloadError, RedisUnavailable } from "../../lib/errors.ts"
import { forbidden, tooMany } from "../access/allow.ts"
import { AWAY as UNWRITTEN } from "../access/audit.ts"
import { AWAY as NO_KEYS } from "../access/key-ring.ts"
import { kindOf, limitOf } from "../access/limits.ts"
import { unauthorized } from "../authenticate.ts"
import { BODY_LIMIT, notJson, tooLarge } from "../body.ts"
import { HttpError, saidOf } from "../errors.ts"
import { noText } from "../routable.ts"
import { errors } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { FAILURE } from "./parts.ts"

type Responses = NonNullable<DocumentDecoration["responses"]>
type Response = Responses[string]

interface Documented {
  responses: Responses
  security?: object[]
  parameters?: { name: string }[]
  "x-action"?: string
}

/** The paths of the reference, with what is answered alike by all of them, and every error as it is said. */
export const withCommon = (paths: Record<string, Record<string, Documented>>) =>
  mapValues(paths, (methods, path) =>
    mapValues(methods, (documented) => ({
      ...documented,
      responses: mapValues(responsesOf(documented, path), (response, status) =>
        asSaid(response, { status, path, documented }),
      ),
    })),
  )

const NO_TEXT = errors({ 404: "No such path: a part of it is not encoded UTF-8" })[404]!

function responsesOf({ responses }: Documented, path: string): Responses {
  const all = { ...responses, ...FAILURE }
  return path.includes("{") ? { ...all, 404: orNoText(responses[404]) } : all
}

const orNoText = (described: Response | undefined) => {
  if (!described || "$ref" in described) return NO_TEXT
  return { ...described, content: { ...NO_TEXT.content, ...described.content } }
}

interface Place {
  status: string
  path: string
  documented: Documented
}

/** An error with an example: the words of its route, or those that are said everywhere. */
function asSaid(response: Response, place: Place): Response {
  const { content, description } = response as Exclude<Response, { $ref: string }>
  const json = content?.["application/json"]
  if (!json || json.example !== undefined) return response
  const error = SAID[place.status]?.(place, description) ?? new HttpError(Number(place.status), description)
  const { body } = saidOf(error, { code: undefined, asked: place.path, requestId: RUN_ID })
  return { ...response, content: { ...content, "application/json": { schema: json.schema!, example: body } } }
}

/** What is said of a `limit` that is none, and of a word that means nothing. */
const NO_NUMBER = { path: "limit", message: "Invalid input: expected number, received NaN" }
const NO_KEY = { path: "", message: 'Unrecognized key: "colour"' }

/** What is thrown, of each status, where a route has no words of its own. */
const SAID: Record<string, (place: Place, description: string) => Error | undefined> = {
  400: ({ documented: { parameters = [] } }) =>
    new PayloadError("Bad request", [parameters.some(({ name }) => name === "limit") ? NO_NUMBER : NO_KEY]),
  401: () => unauthorized(false),
  403: forbidden,
  404: noText,
  413: () => tooLarge(BODY_LIMIT),
  415: () => notJson("text/plain"),
  429: ({ path }) => tooMany(limitOf(kindOf({}, path)), 1),
  500: () => new Error(),
  503: ({ documented }, description) => {
    const { security = [] } = documented
    if (!security.length) return undefined
    const isForKeys = security.some((who) => "key" in who)
    if (!isForKeys || description.startsWith("Redis")) return new RedisUnavailable(undefined)
    return new HttpError(503, documented["x-action"] ? UNWRITTEN : NO_KEYS)
  },
}

const mapValues = <One, Other>(record: Record<string, One>, map: (value: One, name: string) => Other) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]))
