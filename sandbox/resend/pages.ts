import { Refusal } from "./errors.ts"

const guide = "See https://resend.com/docs/api-reference/pagination for more information."

/** The page of a list, newest first, that `limit` with `after` or `before` (an id that is left out itself) asks for. */
export function paginate<Item extends { id: string }>(items: Item[], query: URLSearchParams) {
  const limit = limitOf(query)
  const after = query.get("after")
  const before = query.get("before")
  if (after && before) throw invalid("The `after` and `before` parameters cannot be used together.")
  if (before) {
    const end = indexOf(items, before)
    return { data: items.slice(Math.max(0, end - limit), end), has_more: end > limit }
  }
  const start = after ? indexOf(items, after) + 1 : 0
  return { data: items.slice(start, start + limit), has_more: start + limit < items.length }
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get("limit") ?? 20)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit
  throw invalid("The pagination limit must be a number between 1 and 100.")
}

function indexOf(items: { id: string }[], id: string): number {
  const index = items.findIndex((item) => item.id === id)
  if (index >= 0) return index
  throw invalid("The pagination cursor is not the id of an email.")
}

function invalid(reason: string) {
  return new Refusal("validation_error", { message: `${reason} ${guide}` })
}
