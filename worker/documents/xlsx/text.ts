/** Characters that a cell may have: Excel takes a file for broken that has more. */
export const LONGEST_CELL = 32_767

const CUT = "…"

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[&<>"\0-\x08\v-\x1f\ud800-\udfff\ufffe\uffff]|_x[\da-f]{4}_/i
const ESCAPED = /[&<>"\0-\x08\v-\x1f\ufffe\uffff]|_(?=x[\da-f]{4}_)/gi
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NAMED: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", _: "_x005F_" }

/**
 * A text in a sheet's XML, as ECMA-376 has it (ST_Xstring): what XML knows no character for is `_x0007_`, and what looks like
 * that already has its first sign escaped.
 */
function xmlText(text: string): string {
  const fitting = text.length > LONGEST_CELL ? cut(text) : text
  return UNSAFE.test(fitting) ? fitting.toWellFormed().replace(ESCAPED, escapeSign) : fitting
}

/** A text that has its place in an attribute. */
export const xmlAttribute = (text: string) => xmlText(text.replace(/[\t\n\r]/g, " "))

/** A cell with a text; a reader may take away the space around one that does not ask to keep it. */
export function textCell(place: string, style: number, text: string): string {
  const keep =
    isSpace(text.charCodeAt(0)) || isSpace(text.charCodeAt(text.length - 1)) ? ' xml:space="preserve"' : ""
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t${keep}>${xmlText(text)}</t></is></c>`
}

/** Space that XML knows of. */
const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13)

function cut(text: string) {
  const end = LONGEST_CELL - CUT.length
  return text.slice(0, /[\ud800-\udbff]/.test(text[end - 1]!) ? end - 1 : end) + CUT
}

const escapeSign = (sign: string) => NAMED[sign] ?? (sign >= "\ufffe" ? "\ufffd" : inHex(sign))

const inHex = (sign: string) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`
