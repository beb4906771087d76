import { z } from "zod"
import { pii } from "../pii.ts"

/** A line of text of at least one character. */
export const line = (longest: number) => z.string().trim().min(1).max(longest)

/** Whom a mail speaks to. */
export const userName = pii(line(200))

/** Where a property is, as one would write it on an envelope. */
export const postalAddress = pii(line(300))

/** Where a button leads: nowhere but to http and https. */
export const link = z
  .union([z.url({ protocol: /^https?$/ }), z.string().regex(/^\/(?!\/)\S*$/)], {
    error: "an http(s) URL, or a path such as /login",
  })
  .describe("an http(s) URL, or a path of the application at APP_URL")

const MOST_CENTS = 100_000_000_000

/** Money that is asked for. */
export const cents = z.int().nonnegative().max(MOST_CENTS).describe("cents of a real")

/** Money that is asked for, or taken off. */
export const signedCents = z.int().min(-MOST_CENTS).max(MOST_CENTS).describe("cents of a real")

/** A rate, in percent. */
export const percent = z.number().nonnegative().max(100)

/** A day, by the calendar of whoever sends the mail. */
export const day = z.iso.date()

/** A moment, whatever the zone it is given in. */
export const instant = z.iso.datetime({ offset: true })

/** Figures to show at a glance. */
export const highlights = z
  .array(z.object({ label: z.string().min(1).max(60), value: z.string().min(1).max(40) }))
  .max(8)
  .default([])

/** Bytes of a file. */
export const fileSize = z.int().nonnegative().describe("bytes")
