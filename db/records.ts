import type { Db } from "./pool.ts"

/** ASCII's separators of records and fields: JSON escapes them, and other texts do without. */
const RECORD = "\x1e"
const FIELD = "\x1f"
const NO_TEXT = new RegExp(`[\0${RECORD}${FIELD}]`, "g")

/** A text that can be a field, with a replacement character for what it cannot hold. */
export const asText = (text: string) => text.replace(NO_TEXT, "\ufffd")

/** A record of fields, each an `asText`, JSON or a number: PostgreSQL reads it in two thirds of the time that it takes for JSON. */
export const asRecord = (fields: (string | number)[]) => fields.join(FIELD)

/** Records as what a query selects from: each is an array of texts named `field`, which begins at 1. */
export const records = (rows: string[], db: Db) => db`
  (
    select string_to_array(row, ${FIELD}) as field
    from string_to_table(${rows.join(RECORD)}, ${RECORD}) as row
    offset 0
  )
`
