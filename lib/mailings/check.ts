import type { z } from "zod"
import { type TemplateName, templateProps } from "../emails/index.ts"
import type { Problem } from "../errors.ts"

/** What is wrong with data for all recipients, which may leave to each what they do not say. */
export function problemsOfCommon(template: TemplateName, data: Record<string, unknown>): Problem[] {
  const shape: Record<string, z.ZodType> = templateProps[template].shape
  return Object.entries(data).flatMap(([name, value]) => problems(shape[name], value, `data.${name}`))
}

/** What is wrong with the data of a recipient, over those for all. */
export const problemsOfRecipient = (
  template: TemplateName,
  common: Record<string, unknown>,
  data: Record<string, unknown>,
  place: string,
): Problem[] => problems(templateProps[template], { ...common, ...data }, place)

function problems(schema: z.ZodType | undefined, value: unknown, place: string): Problem[] {
  const parsed = schema?.safeParse(value)
  if (!parsed || parsed.success) return []
  return parsed.error.issues.map(({ path, message }) => ({ path: [place, ...path].join("."), message }))
}
