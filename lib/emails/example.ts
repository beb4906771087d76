import type { z } from "zod"
import type { Locale } from "../locale.ts"

/**
 * Give the props of a template an example: the API reference shows it, and a preview is written from it. `inEnglish` is what
 * somebody who writes English would say in its place.
 */
export const withExample = <Props extends z.ZodType<unknown, object>>(
  props: Props,
  example: z.input<Props>,
  inEnglish?: Partial<z.input<Props>>,
): Props => props.meta({ examples: inEnglish ? [example, { ...example, ...inEnglish }] : [example] })

/** The example of a template's props, as its component takes it. */
export function exampleOf<Props extends z.ZodType>(props: Props, locale: Locale = "pt-BR"): z.output<Props> {
  const examples = (props.meta()?.examples ?? []) as unknown[]
  return props.parse(locale === "en" ? examples.at(-1) : examples[0])
}
