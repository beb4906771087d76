import { linkTo } from "./link.ts"
import { Action } from "./parts/action.tsx"
import { Highlights } from "./parts/details.tsx"
import { Paragraph } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** News for whoever has subscribed to them, in words of whoever writes it. */
export const newsletter: EmailTemplate<"newsletter"> = ({ props, locale, brand, appUrl }) => {
  const { title, userName, paragraphs, highlights, actionLabel, actionUrl } = props
  const words = inLocale(locale, {
    "pt-BR": {
      greeting: userName && `Olá, ${userName}!`,
      action: actionLabel ?? (actionUrl ? "Saiba mais" : `Abrir ${brand}`),
      farewell: "Até a próxima!",
      reason: `Você recebeu este e-mail porque está inscrito nas novidades de ${brand}.`,
    },
    en: {
      greeting: userName && `Hi ${userName}!`,
      action: actionLabel ?? (actionUrl ? "Read more" : `Open ${brand}`),
      farewell: "See you soon!",
      reason: `You received this email because you are subscribed to news from ${brand}.`,
    },
  })
  const url = linkTo(actionUrl, appUrl) ?? appUrl

  return {
    subject: title,
    title,
    preview: paragraphs[0]!,
    reason: words.reason,
    content: (
      <>
        {words.greeting && <Paragraph>{words.greeting}</Paragraph>}
        {paragraphs.map((paragraph, index) => (
          <Paragraph key={index}>{paragraph}</Paragraph>
        ))}
        <Highlights highlights={highlights} />
        {url && <Action href={url}>{words.action}</Action>}
        <Paragraph>{words.farewell}</Paragraph>
      </>
    ),
  }
}
