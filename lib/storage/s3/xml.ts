const SIGNS: Record<string, string> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' }

/** The text in the first element of a name, in the little XML that S3 answers with. */
export function textOf(xml: string, element: string): string | undefined {
  const [, text] = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml) ?? []
  return text?.replace(/&(amp|apos|gt|lt|quot);/g, (_, sign: string) => SIGNS[sign]!)
}
