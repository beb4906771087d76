import { categoriesOf } from "./categories.ts"
import { fabricate } from "./fabricated.ts"
import { fail } from "./failing.ts"
import type { Failures } from "./failures.ts"
import { queryOf } from "./query.ts"
import type { Answer } from "./requests.ts"
import { listing, search } from "./search.ts"
import type { Wall } from "./wall.ts"

/** What the service's routes answer. */
export function createAnswers(failures: Failures, wall: Wall, now: () => number) {
  const products: Answer = (request, asked) => {
    const isRobot = wall.meets(asked.client)
    const query = queryOf(request.url)
    if (!query) return failed()
    const found = search(query, now())
    const order = failures.next(query)
    if (order) {
      asked.answer = order.mode
      const would = found ?? listing(query.local, [], 0)
      return fail(order, { query, found: would, now: now(), client: request.signal })
    }
    if (isRobot) {
      asked.answer = "wall"
      return Response.json(fabricate(query, now()))
    }
    if (!found) return new Response(null, { status: 204 })
    if (found.produtos.length) asked.answer = "rows"
    return Response.json(found)
  }

  const categories: Answer = (request, asked) => {
    wall.meets(asked.client)
    const query = queryOf(request.url)
    return query ? Response.json(categoriesOf(query)) : failed()
  }

  return { products, categories }
}

const failed = () => new Response("Internal Server Error", { status: 500 })
