import type postgres from "postgres"
import { backendOf, cancellable } from "../../db/cancellable.ts"
import { copyOut } from "../../db/copy.ts"
import { asRead } from "../../db/snapshot.ts"
import type { TableEntry } from "../../lib/backups/manifest.ts"
import { addRow, newChecksum, tellChecksum } from "../backup/checksum.ts"
import { type Lane, sqlNameOf } from "./load.ts"

/** How a table differs from what it was at the backup; undefined when it does not. */
export const compareTable = (
  table: TableEntry,
  { session, side, signal }: Lane,
): Promise<string | undefined> =>
  cancellable(
    signal,
    async (tx) => {
      const pid = await backendOf(tx)
      await asRead(tx)
      const sum = newChecksum()
      const columns = table.columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(", ")
      const take = (row: Buffer) => void addRow(sum, row)
      const query = tx.unsafe<postgres.Row[]>(
        `copy ${sqlNameOf(table)} ${columns && `(${columns})`} to stdout`,
      )
      for await (const _ of copyOut(query, { pid, side, take }));
      if (sum.rows !== table.rows)
        return `${table.schema}.${table.name} has ${sum.rows} rows, and had ${table.rows}`
      if (tellChecksum(sum) !== table.checksum)
        return `${table.schema}.${table.name} has as many rows as it had, and not the same ones`
      return undefined
    },
    session,
    side,
  )
