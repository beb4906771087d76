import { Button, Section } from "@react-email/components"
import type { ReactNode } from "react"
import type { Locale } from "../../lib/locale.ts"
import { inLocale } from "../template.ts"
import { paint, sans, wrapped } from "../theme.ts"
import { Paragraph, SmallPrint, TextLink } from "./text.tsx"

/** The one thing the mail asks for, as a button: wide on a phone, tall enough for a thumb. */
export function Action({ href, children }: { href: string; children: ReactNode }) {
  const shape = { padding: "15px 28px", borderRadius: 8 }
  const type = { fontFamily: sans, fontSize: 16, fontWeight: 600, ...wrapped }
  return (
    <Paragraph style={{ marginTop: 28, paddingBottom: 8 }}>
      <Button href={href} {...paint("action", { ...shape, ...type })}>
        {children}
      </Button>
    </Paragraph>
  )
}

/** The address behind the button, for whoever cannot press it; the mail without pages has it at the button already. */
export function Fallback({ url, locale }: { url: string; locale: Locale }) {
  const words = inLocale(locale, {
    "pt-BR": { copy: "Se o botão não funcionar, copie este endereço e cole no navegador:" },
    en: { copy: "If the button does not work, copy this address and paste it into your browser:" },
  })
  return (
    <Section data-skip-in-text="true" style={{ tableLayout: "fixed" }}>
      <SmallPrint style={{ margin: "24px 0 0", paddingTop: 20, borderTop: "1px solid" }}>
        {words.copy}
        <br />
        <TextLink href={url}>{url}</TextLink>
      </SmallPrint>
    </Section>
  )
}
