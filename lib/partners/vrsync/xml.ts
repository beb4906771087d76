// What no document of XML 1.0 may have, however it is written.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/

/** Whether a text can stand in a document of XML. */
export const isXmlText = (text: string): boolean => !FORBIDDEN.test(text) && text.isWellFormed()

/** A text as the content of an element, whatever is in it. */
export const cdata = (text: string): string =>
  `<![CDATA[${text.trim().replaceAll("]]>", "]]]]><![CDATA[>")}]]>`

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
}

/** A text as the value of an attribute. */
export const attribute = (text: string): string => text.replaceAll(/[&<>"\n]/g, (sign) => ESCAPES[sign]!)
