import { html, type Markup } from "../../lib/html.ts"
import { page } from "../html.ts"
import { errorResponse } from "./errors.ts"
import type { Handler } from "./guard.ts"
import type { Message, Store } from "./store.ts"

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" })

/** The pages on which a person reads the accepted mails. */
export function createInbox(store: Store) {
  const list: Handler = () => listPage(store.messages.toReversed())

  const show: Handler = ({ params }) => {
    const message = store.messages.find(({ id }) => id === params.id)
    return message ? mailPage(message) : errorResponse({ name: "not_found", message: "Email not found" })
  }

  return { list, show }
}

function listPage(messages: Message[]): Response {
  const mails = messages.map(
    ({ id, to, subject, createdAt }) => html`
      <li>
        <a href="/inbox/${id}">
          <strong>${subject}</strong>
          ${timeOf(createdAt)}
          <span>${to.join(", ")}</span>
        </a>
      </li>`,
  )
  const list = mails.length ? html`<ul>${mails}</ul>` : html`<p>No mail yet: what is sent appears here.</p>`
  return page(`Inbox (${mails.length})`, html`<h1>Inbox <small>${mails.length}</small></h1>${list}`)
}

function mailPage(message: Message): Response {
  const details = detailsOf(message).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)
  return page(
    message.subject,
    html`<nav><a href="/">← Inbox</a></nav>
      <h1>${message.subject}</h1>
      <dl>${details}<dt>Sent</dt><dd>${timeOf(message.createdAt)}</dd></dl>
      ${message.html ? html`<h2>HTML</h2><iframe title="HTML" sandbox srcdoc="${message.html}"></iframe>` : []}
      ${message.text ? html`<h2>Text</h2><pre>${withLinks(message.text)}</pre>` : []}`,
  )
}

function detailsOf(message: Message): [name: string, value: string][] {
  const { from, to, cc, bcc, reply_to, tags, attachments, idempotencyKey } = message
  const details: [string, string][] = [
    ["From", from],
    ["To", to.join(", ")],
    ["Cc", cc.join(", ")],
    ["Bcc", bcc.join(", ")],
    ["Reply to", reply_to.join(", ")],
    ["Tags", tags?.map(({ name, value }) => `${name}: ${value}`).join(", ") ?? ""],
    ["Attachments", attachments?.map(({ filename, path }) => filename ?? path).join(", ") ?? ""],
    ["Idempotency key", idempotencyKey ?? ""],
  ]
  return details.filter(([, value]) => value)
}

function timeOf(at: string): Markup {
  return html`<time datetime="${at}">${moment.format(new Date(at))}</time>`
}

function withLinks(text: string): Markup[] {
  return text
    .split(/(https?:\/\/[^\s<>"')\]]+)/)
    .map((part, index) => (index % 2 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : html`${part}`))
}
