import type { Face } from "./fonts.ts"

/** A part of a text in one face, in the order in which it is drawn from the left. */
export interface TextRun {
  face: Face
  text: string
}

/** Latin letters, digits and the signs around them: what nearly every text is made of, and every face but `other` has. */
const PLAIN = /^[ -~\u00a0-\u017f\u2010-\u2014\u2018-\u201e\u2022\u2026\u20ac\u2212]*$/

/** Scripts that are read from the right. */
const FROM_RIGHT = /[\p{sc=Arab}\p{sc=Hebr}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}]/u

/** A text as one line: without controls, which have no glyph, or would turn what follows around. */
export const asLine = (text: string): string =>
  text
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")

/** The parts of a line that each face has; what is read from the right stands with its last word first. */
export function runsOf(line: string, face: Face, has: (code: number) => boolean): TextRun[] {
  if (PLAIN.test(line)) return [{ face, text: line }]
  const runs: TextRun[] = []
  for (const word of line.split(/(?<= )/)) {
    const found: Face = [...word].every((sign) => has(sign.codePointAt(0)!)) ? face : "other"
    const last = runs.at(-1)
    if (last?.face === found) last.text += word
    else runs.push({ face: found, text: word })
  }
  return runs.flatMap((run) => (FROM_RIGHT.test(run.text) ? reversed(run) : [run]))
}

function reversed({ face, text }: TextRun): TextRun[] {
  const words = text.trimEnd()
  const after = text.slice(words.length)
  return [{ face, text: words.split(" ").toReversed().join(" ") }, ...(after ? [{ face, text: after }] : [])]
}
