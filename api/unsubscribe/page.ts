import type { Standing } from "../../db/email-subscriptions.ts"
import type { Subscription } from "../../lib/emails/subscription.ts"
import { html, type Markup } from "../../lib/html.ts"
import type { Locale } from "../../lib/locale.ts"
import { redactText } from "../../lib/redact.ts"
import { securityHeaders } from "../headers.ts"

/** The page runs nothing and loads nothing; its form goes back to where it came from. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const STYLE: Markup = {
  markup: `
    :root { color-scheme: light dark; --paper: light-dark(#fff, #211f1c); --soft: light-dark(#5c5850, #b3aea4);
      --ink: light-dark(#1d1b18, #f1efea); --action: light-dark(#0b57a4, #8fc1f7); --on-action: light-dark(#fff, #10263c) }
    * { box-sizing: border-box }
    body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
      background: light-dark(#f7f6f3, #181714); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
    main { width: 100%; max-width: 30rem; padding: 2rem 1.5rem; border-radius: .75rem; background: var(--paper) }
    h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25 }
    p { margin: 0 0 1rem }
    .soft { color: var(--soft) }
    form { margin: 1.5rem 0 0 }
    button { width: 100%; min-height: 3rem; padding: .75rem 1rem; border: 0; border-radius: .5rem; background: var(--action);
      color: var(--on-action); font: inherit; font-weight: 600; cursor: pointer }
    button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px }`,
}

interface Words {
  title: string
  text: string
  /** What the button says, and does. */
  button?: string
  action?: "unsubscribe" | "subscribe"
}

/** Asks whoever looks whether they want no more of a list, or says that they get none. */
export function subscriptionPage(subscription: Subscription, standing: Standing): Response {
  const { locale, email } = subscription
  const words = wordsFor(subscription, standing)
  const shown = redactText(email)
  const address = locale === "en" ? `For the address ${shown}.` : `Para o endereço ${shown}.`
  const { button, action } = words
  const form = button
    ? html`<form method="post"><button name="action" value="${action!}">${button}</button></form>`
    : []
  return page(
    locale,
    words.title,
    html`<p role="status">${words.text}</p><p class="soft">${address}</p>${form}`,
  )
}

/** Says that a link is none. */
export function noSubscriptionPage(locale: Locale): Response {
  const [title, text] =
    locale === "en"
      ? ["This link does not work", "Copy it whole from the e-mail, or use the link of a newer one."]
      : ["Este link não funciona", "Copie-o inteiro do e-mail, ou use o link de um e-mail mais novo."]
  return page(locale, title!, html`<p>${text!}</p>`, 404)
}

function wordsFor({ locale, list }: Subscription, { isOut, isStopped, agency }: Standing): Words {
  const name = agency === null ? `“${list}”` : `“${list}” (${agency})`
  if (locale === "en") {
    if (isOut)
      return {
        title: "You are unsubscribed",
        text: `You get no more e-mails of the list ${name}.`,
        button: "Subscribe again",
        action: "subscribe",
      }
    if (isStopped)
      return {
        title: "You get no e-mails of lists",
        text: `Nothing is sent to this address of the list ${name}, nor of any other.`,
      }
    return {
      title: "Unsubscribe?",
      text: `You will get no more e-mails of the list ${name}. Messages about your account and your contracts still come.`,
      button: "Unsubscribe",
      action: "unsubscribe",
    }
  }
  if (isOut)
    return {
      title: "Inscrição cancelada",
      text: `Você não recebe mais e-mails da lista ${name}.`,
      button: "Inscrever-se novamente",
      action: "subscribe",
    }
  if (isStopped)
    return {
      title: "Você não recebe e-mails de listas",
      text: `Nada é enviado a este endereço da lista ${name}, nem de qualquer outra.`,
    }
  return {
    title: "Cancelar a inscrição?",
    text: `Você não receberá mais e-mails da lista ${name}. Mensagens sobre a sua conta e os seus contratos continuam chegando.`,
    button: "Cancelar a inscrição",
    action: "unsubscribe",
  }
}

function page(locale: Locale, title: string, content: Markup, status = 200): Response {
  const { markup } = html`<!doctype html>
<html lang="${locale}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>${title}</title>
    <style>${STYLE}</style>
  </head>
  <body><main><h1>${title}</h1>${content}</main></body>
</html>`
  return new Response(markup, {
    status,
    headers: {
      ...securityHeaders,
      "content-security-policy": POLICY,
      "content-type": "text/html; charset=utf-8",
    },
  })
}
