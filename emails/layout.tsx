import { Column, Container, Head, Html, Link, Preview, Row, Section } from "@react-email/components"
import { Paragraph, SmallPrint, Title } from "./parts/text.tsx"
import { inLocale, type Letter, type Sender } from "./template.ts"
import { paint, styleSheet } from "./theme.ts"

/** Every mail: the brand above, the letter on a card, why it came below. */
export function Layout({ letter, ...sender }: Sender & { letter: Letter }) {
  const { locale, brand } = sender
  return (
    <Html lang={locale}>
      <Head>
        <title>{letter.subject}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <style>{styleSheet}</style>
      </Head>
      <body {...paint("page", { margin: 0, padding: 0, WebkitTextSizeAdjust: "100%" })}>
        <Preview>{letter.preview}</Preview>
        <Section lang={locale} {...paint("page", { tableLayout: "fixed" })}>
          <Row>
            <Column style={{ padding: "28px 16px" }}>
              <Container style={{ maxWidth: 600, tableLayout: "fixed" }}>
                <Header brand={brand} />
                <Card letter={letter} />
                <Footer reason={letter.reason} {...sender} />
              </Container>
            </Column>
          </Row>
        </Section>
      </body>
    </Html>
  )
}

function Header({ brand }: { brand: string }) {
  const square = { display: "inline-block", width: 32, borderRadius: 8, textAlign: "center" } as const
  return (
    <Paragraph style={{ margin: "0 0 20px", fontSize: 18, lineHeight: "32px", fontWeight: 700 }}>
      <span aria-hidden="true" data-skip-in-text="true" {...paint("mark", { ...square, marginRight: 10 })}>
        {[...brand][0]?.toUpperCase()}
      </span>
      {brand}
    </Paragraph>
  )
}

function Card({ letter }: { letter: Letter }) {
  return (
    <Row style={{ tableLayout: "fixed" }}>
      <Column {...paint("card", { padding: 40, border: "1px solid", borderRadius: 12 })}>
        <Title>{letter.title}</Title>
        {letter.content}
      </Column>
    </Row>
  )
}

function Footer({ reason, locale, brand, appUrl, unsubscribeUrl }: Sender & { reason: string }) {
  const unsubscribe = inLocale(locale, {
    "pt-BR": { words: "Cancelar a inscrição" },
    en: { words: "Unsubscribe" },
  })
  return (
    <>
      <SmallPrint style={{ margin: "20px 0 0" }}>{reason}</SmallPrint>
      <SmallPrint style={{ margin: "4px 0 0" }}>
        {brand}
        {appUrl && " · "}
        {appUrl && (
          <Link href={appUrl} {...paint("link")}>
            {appUrl}
          </Link>
        )}
      </SmallPrint>
      {unsubscribeUrl && (
        <SmallPrint style={{ margin: "4px 0 0" }}>
          <Link href={unsubscribeUrl} {...paint("link")}>
            {unsubscribe.words}
          </Link>
        </SmallPrint>
      )}
    </>
  )
}
