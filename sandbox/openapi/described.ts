import { expect } from "bun:test"
import { createAnswerCheck } from "./answers.ts"
import { describedBy, type Operation } from "./document.ts"

const check = createAnswerCheck()
const descriptions = new Map<string, Promise<Operation[]>>()

/** `fetch` from an API that has a description of itself: its answer has to be as that says, unless it has failed. */
export async function fetchDescribed(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init)
  // A server may refuse headers of such length before it is the API's turn.
  if (response.status >= 500 || response.status === 431) return response
  const { origin, pathname } = new URL(url)
  const operation = (await operationsOf(origin)).find(
    ({ method, path }) => method === (init.method ?? "GET") && patternOf(path).test(pathname),
  )
  if (!operation) return response
  const text = await response.clone().text()
  const contentType = response.headers.get("content-type")
  const fault = check(operation, { status: response.status, contentType, text })
  expect([`${operation.method} ${pathname}`, fault]).toEqual([`${operation.method} ${pathname}`, undefined])
  return response
}

function operationsOf(origin: string) {
  const known = descriptions.get(origin)
  if (known) return known
  const asked = describedBy(origin, process.env.ADMIN_API_KEY!).then(({ operations }) =>
    operations.sort((one, other) => places(one) - places(other)),
  )
  descriptions.set(origin, asked)
  return asked
}

/** What is written out comes before what stands for anything: `list` is no id. */
const places = ({ path }: Operation) => path.split("{").length

const patternOf = (path: string) =>
  new RegExp(`^${path.replace(/\/$/, "").replaceAll(/\{\w+\}/g, "[^/]+")}/?$`)
