import type { Standing } from "../../db/email-subscriptions.ts"
import type { Subscription } from "../../lib/emails/subscription.ts"
import { html } from "../../lib/html.ts"
import type { Locale } from "../../lib/locale.ts"
import { redactText } from "../../lib/redact.ts"
import { page } from "../pages/page.ts"

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
  return page(locale, title!, html`<p>${text!}</p>`, { status: 404 })
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
