import type { Kind } from "../table.ts"
import { XML } from "./parts.ts"

/** How the values of each kind are shown; numbers of Excel's own formats, else one of ours. */
const FORMATS: Record<Kind, number | string> = {
  text: 49,
  integer: 1,
  number: 0,
  money: "[$R$-416] #,##0.00;[Red]-[$R$-416] #,##0.00",
  percent: 10,
  date: "dd/mm/yyyy",
  moment: "dd/mm/yyyy hh:mm:ss",
  boolean: 0,
}

const kinds = Object.keys(FORMATS) as Kind[]
const OWN_FORMATS = 164

/** The style of a table's head. */
export const HEAD = 1

/** The style of each kind of column. */
export const styleOf = Object.fromEntries(kinds.map((kind, place) => [kind, place + 2])) as Record<
  Kind,
  number
>

const numbered = kinds.map((kind, place) => {
  const format = FORMATS[kind]
  // Days would touch the text in the next column.
  const align = kind === "date" || kind === "moment" ? "left" : undefined
  return typeof format === "number" ? { id: format, align } : { id: OWN_FORMATS + place, code: format, align }
})

const xf = ({ id, align }: (typeof numbered)[number]) => {
  const head = `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"`
  return align ? `${head} applyAlignment="1"><alignment horizontal="${align}"/></xf>` : `${head}/>`
}

const own = numbered.filter(({ code }) => code !== undefined)

const escaped = (code: string) => code.replaceAll('"', "&quot;")

/** The part of the workbook that says how things look. */
export const styles = `${XML}<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="${own.length}">${own.map(({ id, code }) => `<numFmt numFmtId="${id}" formatCode="${escaped(code!)}"/>`).join("")}</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE7ECEF"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color rgb="FF8A979E"/></bottom><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${numbered.length + 2}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="center"/></xf>${numbered.map(xf).join("")}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
