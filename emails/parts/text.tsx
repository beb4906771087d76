import { Heading, Link, Text } from "@react-email/components"
import type { CSSProperties, ReactNode } from "react"
import { paint, sans, type Tone, wrapped } from "../theme.ts"

interface ParagraphProps {
  children: ReactNode
  tone?: Tone
  style?: CSSProperties
}

/** A paragraph of running text. */
export function Paragraph({ children, tone = "ink", style }: ParagraphProps) {
  const type = { fontFamily: sans, fontSize: 16, lineHeight: "26px", textWrap: "pretty", ...wrapped } as const
  return <Text {...paint(tone, { margin: "16px 0 0", ...type, ...style })}>{children}</Text>
}

/** A paragraph one may skip. */
export function SmallPrint({ children, style }: Omit<ParagraphProps, "tone">) {
  return (
    <Paragraph tone="muted" style={{ fontSize: 14, lineHeight: "22px", ...style }}>
      {children}
    </Paragraph>
  )
}

/** What the mail is about, above all else. */
export function Title({ children }: { children: ReactNode }) {
  const type = { fontFamily: sans, fontSize: 24, lineHeight: "32px", fontWeight: 700 }
  return <Heading {...paint("ink", { margin: 0, ...type, ...balanced })}>{children}</Heading>
}

/** What a part of the mail is about. */
export function Subtitle({ children }: { children: ReactNode }) {
  const type = { fontFamily: sans, fontSize: 18, lineHeight: "26px", fontWeight: 700 }
  return (
    <Heading as="h2" {...paint("ink", { margin: "32px 0 0", ...type, ...balanced })}>
      {children}
    </Heading>
  )
}

/** A link within a text. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} {...paint("link", { textDecoration: "underline", ...wrapped })}>
      {children}
    </Link>
  )
}

/** A text that keeps its line breaks. */
export function Lines({ children }: { children: string }) {
  return children
    .split(/\r\n|[\r\n]/)
    .flatMap((line, index) => (index === 0 ? [line] : [<br key={index} />, line]))
}

const balanced: CSSProperties = { ...wrapped, textWrap: "balance" }
