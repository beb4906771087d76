import { linkTo } from "./link.ts"
import { Action } from "./parts/action.tsx"
import { Paragraph } from "./parts/text.tsx"
import { type EmailTemplate, inLocale } from "./template.ts"

/** Greets whoever has just got an account. */
export const welcome: EmailTemplate<"welcome"> = ({ props, locale, brand, appUrl }) => {
  const words = inLocale(locale, {
    "pt-BR": {
      subject: `Boas-vindas! Sua conta ${brand} está pronta`,
      title: `Que bom ter você aqui, ${props.userName}!`,
      ready: `Sua conta ${brand} foi criada e já está pronta para usar.`,
      invitation: "Entre quando quiser e sinta-se em casa.",
      action: "Acessar minha conta",
      farewell: "Um abraço,",
      team: `Equipe ${brand}`,
      reason: `Você recebeu este e-mail porque este endereço foi usado para criar uma conta ${brand}.`,
    },
    en: {
      subject: `Welcome! Your ${brand} account is ready`,
      title: `Good to have you here, ${props.userName}!`,
      ready: `Your ${brand} account is set up and ready to use.`,
      invitation: "Sign in whenever you like and make yourself at home.",
      action: "Go to my account",
      farewell: "Warm regards,",
      team: `The ${brand} team`,
      reason: `You received this email because this address was used to create your ${brand} account.`,
    },
  })
  const url = linkTo(props.loginUrl, appUrl) ?? appUrl

  return {
    ...words,
    preview: words.invitation,
    content: (
      <>
        <Paragraph>{words.ready}</Paragraph>
        <Paragraph>{words.invitation}</Paragraph>
        {url && <Action href={url}>{words.action}</Action>}
        <Paragraph>
          {words.farewell}
          <br />
          {words.team}
        </Paragraph>
      </>
    ),
  }
}
