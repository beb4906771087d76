import { PermanentError } from "../../../lib/errors.ts"

/** Rows of a sheet, its head among them: Excel has no more. */
export const MOST_ROWS = 1_048_576

/** Columns of a sheet. */
export const MOST_COLUMNS = 16_384

/** Sheets full of rows: programs read a workbook whole before they show it, and with more of them run out of memory. */
const MOST_SHEETS = 16

/** Throws PermanentError for more rows than a workbook is made of. */
export function checkRows(rows: number) {
  const most = MOST_SHEETS * (MOST_ROWS - 1)
  if (rows > most)
    throw new PermanentError(
      `A workbook has at most ${most} rows, and these are ${rows}: ask for CSV, or for fewer rows`,
    )
}
