/** A text of so many characters at most, with an ellipsis for what is left out. */
export function clip(text: string, longest: number): string {
  if (text.length <= longest) return text
  // Half of a pair of surrogates is no character.
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…`
}

/** A text as a line of so many characters at most; undefined when there is nothing in it. */
export const lineOf = (text: string, longest = 200): string | undefined =>
  clip(text.trim(), longest) || undefined
