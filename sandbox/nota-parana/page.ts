import { html } from "../../lib/html.ts"
import { page } from "../html.ts"
import type { Asked, Requests } from "./requests.ts"
import type { Wall } from "./wall.ts"

const SHOWN = 200
const moment = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" })

/** The page on which a person sees what was asked lately, and reads how to make it go wrong. */
export function showRequests({ list }: Requests, wall: Wall, url: string): Response {
  const latest = list.slice(-SHOWN).reverse().map(item)
  const asked = latest.length
    ? html`<ul>${latest}</ul>`
    : html`<p>Nothing yet: what is asked appears here.</p>`
  const limit = wall.after === null ? "never" : `after ${wall.after} requests of a day`
  return page(
    `Nota Paraná (${list.length})`,
    html`<h1>Nota Paraná, simulated <small>${list.length}</small></h1>
      ${asked}
      <h2>Have it answer a client with fabrications (now: ${limit})</h2>
      <pre>curl -X PUT ${url}/sandbox/wall -d '{"after": 38}'</pre>
      <h2>Have the next two searches fail</h2>
      <pre>curl ${url}/sandbox/failures -d '{"times": 2, "mode": "error", "status": 429}'</pre>`,
  )
}

function item({ at, path, query, answer, status }: Asked) {
  return html`
    <li>
      <a href="${path}?${String(new URLSearchParams(query))}">
        <strong>${query.gtin || query.termo || path}</strong>
        <time>${moment.format(at)}</time>
        <span>${status ?? "…"} ${answer}, offset ${query.offset ?? "0"}, ${query.raio ?? "?"} km around ${query.local ?? "?"}</span>
      </a>
    </li>`
}
