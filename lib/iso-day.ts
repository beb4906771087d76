import { z } from "zod"

const error = "a day such as 2026-02-10"

/** A day of the calendar, `2026-02-10`; of a moment, the day that is written in it. */
export const isoDay = z
  .union(
    [
      z.iso.date({ error }),
      z.iso.datetime({ offset: true, error }).transform((moment) => moment.slice(0, 10)),
    ],
    { error },
  )
  // PostgreSQL knows no year 0.
  .refine((day) => day >= "0001", { error })
  .describe(error)
