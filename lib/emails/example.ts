import type { z } from "zod"

/** Give the props of a template an example: the API reference shows it, and a preview is written from it. */
export const withExample = <Props extends z.ZodType>(props: Props, example: z.input<Props>): Props =>
  props.meta({ examples: [example] })

/** The example of a template's props, as its component takes it. */
export const exampleOf = <Props extends z.ZodType>(props: Props): z.output<Props> =>
  props.parse((props.meta()?.examples as unknown[] | undefined)?.[0])
