import { cutConnection } from "../cut-connection.ts"
import { gone } from "../gone.ts"
import { contradict } from "./contradictory.ts"
import { fabricate } from "./fabricated.ts"
import type { FailureOrder } from "./failures.ts"
import type { Query } from "./query.ts"
import { type Listing, listing } from "./search.ts"

interface Asked {
  query: Query
  /** What would have been answered. */
  found: Listing
  now: number
  client: AbortSignal
}

const json = { "content-type": "application/json; charset=utf-8" }

const challenge = `<!doctype html>
<html lang="pt-BR"><head><title>Verificação</title></head>
<body><h1>Confirme que você não é um robô</h1></body></html>`

/** How each failure looks to who has asked. */
const looks: Record<
  FailureOrder["mode"],
  (asked: Asked, order: FailureOrder) => Response | Promise<Response>
> = {
  error: (_, { status = 503, headers = {} }) => new Response(`Error ${status}`, { status, headers }),
  html: () => new Response(challenge, { headers: { "content-type": "text/html; charset=utf-8" } }),
  poisoned: ({ query, now }) => Response.json(fabricate(query, now)),
  contradictory: ({ found, now }) => Response.json(contradict(found, now)),
  empty: ({ query }) => Response.json(listing(query.local, [], 0)),
  "no-content": () => new Response(null, { status: 204 }),
  truncated: ({ found }) => new Response(halves(found)[0], { headers: json }),
  slow: ({ found }, order) => new Response(inTwo(halves(found), order), { headers: json }),
  hang: async ({ client }, { released }) => {
    await Promise.race([released.promise, gone(client)])
    return cutConnection()
  },
  reset: () => cutConnection(),
}

export const fail = (order: FailureOrder, asked: Asked) => looks[order.mode](asked, order)

function halves(found: Listing): [string, string] {
  const text = JSON.stringify(found)
  const middle = Math.ceil(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)]
}

/** The first half at once, the second when it is let go. */
function inTwo([first, second]: [string, string], { delay, released }: FailureOrder): ReadableStream {
  const bytes = (text: string) => new TextEncoder().encode(text)
  return new ReadableStream({
    start: (controller) => controller.enqueue(bytes(first)),
    async pull(controller) {
      await (delay === undefined ? released.promise : Promise.race([released.promise, Bun.sleep(delay)]))
      controller.enqueue(bytes(second))
      controller.close()
    },
  })
}
