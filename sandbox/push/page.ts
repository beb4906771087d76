import { html } from "../../lib/html.ts"
import { page } from "../html.ts"

/** A push as the page shows it. */
export interface Shown {
  title: string
  message: string
  device: string
  at: string
}

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" })

/** The page on which a person sees what was pushed, latest first. */
export function pushesPage(pushes: Shown[]): Response {
  const items = pushes
    .toSorted((one, other) => other.at.localeCompare(one.at))
    .map(
      ({ title, message, device, at }) => html`
      <li>
        <a>
          <strong>${title}</strong>
          <time datetime="${at}">${moment.format(new Date(at))}</time>
          <span>${message}</span>
          <span>${device}</span>
        </a>
      </li>`,
    )
  const list = items.length ? html`<ul>${items}</ul>` : html`<p>Nothing yet: what is pushed appears here.</p>`
  return page(`Pushes (${items.length})`, html`<h1>Pushes <small>${items.length}</small></h1>${list}`)
}
