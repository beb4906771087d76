import type { CSSProperties, ReactNode } from "react"
import { paint, sans, wrapped } from "../theme.ts"

interface Detail {
  label: string
  value: ReactNode
}

/** What there is to know, name by name, without what has no value. */
export function Details({ rows }: { rows: Detail[] }) {
  return <Table rows={rows} nameWidth="34%" valueStyle={{ textAlign: "left" }} />
}

/** Figures one below the other. */
export function Figures({ rows }: { rows: Detail[] }) {
  return <Table rows={rows} nameWidth="55%" valueStyle={{ textAlign: "right" }} />
}

/** Figures that are all that matters. */
export function Highlights({ highlights }: { highlights: { label: string; value: string }[] }) {
  return <Figures rows={highlights.map(({ label, value }) => ({ label, value: <strong>{value}</strong> }))} />
}

interface TableProps {
  rows: Detail[]
  nameWidth: string
  valueStyle: CSSProperties
}

function Table({ rows, nameWidth, valueStyle }: TableProps) {
  const known = rows.filter(({ value }) => value !== undefined)
  if (known.length === 0) return null
  const list = { width: "100%", tableLayout: "fixed", marginTop: 16 } as const
  const type = { fontFamily: sans, fontSize: 16, lineHeight: "24px", ...wrapped }
  const cell = { padding: "12px 0", borderTop: "1px solid", verticalAlign: "top", ...type }
  const name = { ...cell, paddingRight: 12, width: nameWidth, textAlign: "left", fontWeight: 400 } as const
  return (
    <table data-text-format="dataTable" cellSpacing="0" style={list}>
      <tbody>
        {known.map(({ label, value: shown }) => (
          <tr key={label}>
            <th scope="row" {...paint("muted", name)}>
              {label}
            </th>
            <td {...paint("ink", { ...cell, ...valueStyle })}>{shown}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
