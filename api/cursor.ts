import { z } from "zod"
import { PayloadError } from "../lib/errors.ts"

/** Where a page begins, as a text that only we read. */
export const cursorOf = (place: object) => Buffer.from(JSON.stringify(place)).toString("base64url")

/** The place that a cursor is of. Throws a PayloadError for one of another list, or of none. */
export function placeOf<Place>(cursor: string, schema: z.ZodType<Place>): Place {
  const place = z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(Buffer.from(text, "base64url").toString())
      } catch {
        context.addIssue("no cursor")
      }
    })
    .pipe(schema)
    .safeParse(cursor)
  if (place.success) return place.data
  throw new PayloadError("Bad request", [
    { path: "cursor", message: "the `next` of the page before, with the same search" },
  ])
}
