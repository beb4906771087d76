import { z } from "zod"

/** Whether a year has the four digits that PostgreSQL reads as one, wherever its offset has brought it. */
const isTold = (moment: Date) => moment.getUTCFullYear() >= 1 && moment.getUTCFullYear() <= 9_999

/** A moment that has been written, as PostgreSQL takes it. */
export const asMoment = <Text extends z.ZodType<string | Date, unknown>>(text: Text) =>
  text.transform((written) => new Date(written)).refine(isTold, { error: "a moment of the years 1 to 9999" })

/** A moment with its offset. */
export const moment = asMoment(z.iso.datetime({ offset: true }))
