/** A text of so many characters at most, with an ellipsis for what is left out. */
export function clip(text: string, longest: number): string {
  if (text.length <= longest) return text
  // Half of a pair of surrogates is no character.
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…`
}
