/** What a spreadsheet takes for the beginning of a formula, also in full width, and after spaces. */
const FORMULA = /^\s*[=+\-@\t\r＝＋－＠]/

/** A text that a spreadsheet shows, and does not calculate: one that begins like a formula gets an apostrophe before it. */
export const guarded = (text: string) => (FORMULA.test(text) ? `'${text}` : text)
