import { renderEmail } from "../../emails/render.tsx"
import type { TemplateName, TemplateProps } from "../../lib/emails/index.ts"
import { type Subscription, unsubscribeHeaders, unsubscribeUrl } from "../../lib/emails/subscription.ts"
import type { Locale } from "../../lib/locale.ts"
import { sender } from "../../lib/sender.ts"
import type { Letter } from "./send-chunk.ts"

interface Writing<Name extends TemplateName> {
  template: Name
  data: TemplateProps<Name>
  locale: Locale
  subject?: string | null | undefined
  from?: string | null | undefined
  /** Who can unsubscribe from what. */
  subscription?: Subscription | undefined
}

/** Write a mail, the same for the same: what is tried again under its key has to be. */
export async function write<Name extends TemplateName>(writing: Writing<Name>): Promise<Letter> {
  const { template, data, locale, subject, from, subscription } = writing
  const we = sender()
  const url = subscription && unsubscribeUrl(subscription)
  const written = await renderEmail(template, data, {
    locale,
    brand: we.brand,
    ...(we.appUrl && { appUrl: we.appUrl }),
    unsubscribeUrl: url,
  })
  return {
    locale,
    mail: {
      ...written,
      subject: subject ?? written.subject,
      from: from ?? we.from,
      ...(url && { headers: unsubscribeHeaders(url) }),
    },
  }
}
