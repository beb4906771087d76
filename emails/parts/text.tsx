import { Button, Text } from "@react-email/components"
import type { CSSProperties, ReactNode } from "react"
import { paint, sans, type Tone, wrapped } from "./theme.ts"

type ParagraphProps = { children: ReactNode; tone?: Tone; style?: CSSProperties }

/** A paragraph of running text. */
export function Paragraph({ children, tone = "ink", style }: ParagraphProps) {
  const base = { margin: "16px 0 0", fontFamily: sans, fontSize: 16, lineHeight: "26px", ...wrapped }
  return <Text {...paint(tone, { ...base, ...style })}>{children}</Text>
}

/** A paragraph one may skip. */
export function SmallPrint({ children, style }: Omit<ParagraphProps, "tone">) {
  return (
    <Paragraph tone="muted" style={{ fontSize: 14, lineHeight: "22px", ...style }}>
      {children}
    </Paragraph>
  )
}

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
