import { plainTextSelectors, render } from "@react-email/render"
import { compile } from "html-to-text"
import type { TemplateName, TemplateProps } from "../lib/emails/index.ts"
import { templates } from "./index.ts"
import { Layout } from "./layout.tsx"
import type { Sender } from "./template.ts"

/** What a mail provider takes. */
export type RenderedEmail = { subject: string; html: string; text: string }

/** Writes one mail, the same bytes for the same input. */
export async function renderEmail<Name extends TemplateName>(
  name: Name,
  props: TemplateProps<Name>,
  sender: Sender,
): Promise<RenderedEmail> {
  const letter = templates[name]({ ...sender, props })
  const subject = oneLine(letter.subject)
  const html = await render(<Layout {...sender} letter={{ ...letter, subject }} />)
  return { subject, html, text: plainText(html) }
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim()
}

/** React Email's own `toPlainText` compiles its rules for every mail, which takes three times as long as the rest of it. */
const toText = compile({
  wordwrap: false,
  selectors: [
    ...plainTextSelectors,
    { selector: 'a[href^="tel:"]', format: "anchor", options: { ignoreHref: true } },
    ...["h1", "h2"].map((selector) => ({ selector, options: { uppercase: false } })),
    {
      selector: "[data-text-format=dataTable]",
      format: "dataTable",
      options: { uppercaseHeaderCells: false },
    },
  ],
})

const plainText = (html: string) => toText(html).replace(/\n{3,}/g, "\n\n")
