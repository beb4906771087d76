import { xmlAttribute } from "./text.ts"

export const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
const PACKAGE = "http://schemas.openxmlformats.org/package/2006"
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

/** A sheet that has been written: its name, and the range of its cells, such as `$A$1:$C$10`. */
export interface Written {
  name: string
  range: string
}

/** The path of a sheet in the archive, the first being 1. */
export const sheetPath = (number: number) => `xl/worksheets/sheet${number}.xml`

/** What the archive begins with: programs know it for a workbook by that. */
export const roots = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`

/** What the archive has after its sheets, by path. */
export const partsOf = (sheets: Written[]): Record<string, string> => ({
  "xl/workbook.xml": `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${each(sheets, ({ name }, number) => `<sheet name="${xmlAttribute(name)}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets><definedNames>${each(sheets, filterOf)}${each(sheets, titlesOf)}</definedNames></workbook>`,
  "xl/_rels/workbook.xml.rels": `${XML}<Relationships xmlns="${PACKAGE}/relationships">${each(sheets, (_, number) => `<Relationship Id="rId${number}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${number}.xml"/>`)}<Relationship Id="rId${sheets.length + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
  "[Content_Types].xml": `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${each(sheets, (_, number) => `<Override PartName="/${sheetPath(number)}" ContentType="${TYPE}.worksheet+xml"/>`)}</Types>`,
})

const each = (sheets: Written[], tell: (sheet: Written, number: number) => string) =>
  sheets.map((sheet, place) => tell(sheet, place + 1)).join("")

/** Excel makes this name itself for a sheet with filters, and asks to mend a file of several such sheets without it. */
const filterOf = ({ name, range }: Written, number: number) =>
  `<definedName name="_xlnm._FilterDatabase" localSheetId="${number - 1}" hidden="1">${quoted(name)}!${range}</definedName>`

const titlesOf = ({ name }: Written, number: number) =>
  `<definedName name="_xlnm.Print_Titles" localSheetId="${number - 1}">${quoted(name)}!$1:$1</definedName>`

const quoted = (name: string) => xmlAttribute(`'${name.replaceAll("'", "''")}'`)
