import { z } from "zod"

/** A day of the calendar, `2026-02-10`; of a moment, the day that is written in it. */
export const isoDay = z
  .union([z.iso.date(), z.iso.datetime({ offset: true }).transform((moment) => moment.slice(0, 10))], {
    error: "a day such as 2026-02-10",
  })
  .describe("a day such as 2026-02-10")
