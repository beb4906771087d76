import { html } from "../../lib/html.ts"
import { page } from "../html.ts"
import type { Crm } from "./crm.ts"
import type { Hooks } from "./hooks.ts"
import type { Portal } from "./portal.ts"

interface Shown {
  portal: Portal
  crm: Crm
  hooks: Hooks
}

const reais = new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL", maximumFractionDigits: 0 })

/** What partners have of the demo's agency: the portal its listings, the CRM its leads, the webhook what has changed. */
export async function showPartners({ portal, crm, hooks }: Shown): Promise<Response> {
  const feed = await portal
    .fetchFeed()
    .catch((error: Error) => ({ status: 0, ads: [], faults: [error.message] }))
  const ads = feed.ads.map(
    ({ id, title, transaction, price, pictures }) => html`<li><form method="post" action="/leads">
      <strong>${title}</strong> <span>${id} · ${transaction} · ${reais.format(price)} · ${pictures.length} pictures</span>
      <button name="listing" value="${id}">Ask after it</button>
    </form></li>`,
  )
  const leads = crm.store
    .of("leads")
    .filter(({ deleted }) => !deleted)
    .slice(-20)
    .reverse()
    .map(
      ({ id, data }) =>
        html`<li><strong>${String(data.name)}</strong> <span>${id} · ${String(data.propertyCode ?? "")}</span></li>`,
    )
  const messages = hooks.taken
    .slice(-20)
    .reverse()
    .map(
      ({ id, type, data }) =>
        html`<li><strong>${type}</strong> <span>${id}</span><pre>${JSON.stringify(data, null, 2)}</pre></li>`,
    )
  return page(
    "Partners",
    html`<h1>Partners <small>of Imobiliária Araucária</small></h1>
      <h2>The portal: ${feed.ads.length} listings of the feed (${feed.status})</h2>
      <ul>${[...feed.faults.map((fault) => html`<li><strong>${fault}</strong></li>`), ...ads]}</ul>
      <h2>The CRM: its latest leads</h2><ul>${leads}</ul>
      <h2>The webhook: its latest messages, verified</h2><ul>${messages}</ul>`,
    { formAction: "'self'" },
  )
}
