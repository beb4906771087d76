import { Column, Row } from "@react-email/components"
import type { ReactNode } from "react"
import { paint, type Tone } from "../theme.ts"
import { Paragraph } from "./text.tsx"

/** A part of the mail set apart. */
export function Panel({ tone = "panel", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <Row style={{ tableLayout: "fixed", marginTop: 16 }}>
      <Column {...paint(tone, { padding: "16px 20px", border: "1px solid", borderRadius: 8 })}>
        {children}
      </Column>
    </Row>
  )
}

interface AmountProps {
  label: string
  children: string
  note: string
  late?: boolean
}

/** The sum that the mail is about, to be seen before anything is read. */
export function Amount({ label, children, note, late = false }: AmountProps) {
  const figure = { fontSize: 32, lineHeight: "44px", fontWeight: 700 }
  return (
    <Panel tone={late ? "alert" : "panel"}>
      <Paragraph style={{ margin: 0 }}>
        {label}
        <br />
        <span {...paint(late ? "warning" : "ink", figure)}>{children}</span>
        <br />
        {note}
      </Paragraph>
    </Panel>
  )
}
