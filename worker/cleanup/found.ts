import type { StoredFile } from "../../lib/storage/types.ts"
import type { Orphans } from "./item.ts"

/** Milliseconds for which a file may be there before the row that names it: longer than any run takes. */
const GRACE = 24 * 3_600_000

/** Keys that are told of each kind. */
const TOLD = 20

/** Whether a file would have its row by now. */
export const isSettled = ({ modifiedAt }: StoredFile) => modifiedAt.getTime() < Date.now() - GRACE

/** Note a file that no row knows of. */
export function noteFile({ key, size }: StoredFile, { filesWithoutRows: found }: Orphans) {
  found.count += 1
  found.bytes += size
  if (found.keys.length < TOLD) found.keys.push(key)
}

/** Note a row whose file is not there. */
export function noteRow(key: string, { rowsWithoutFiles: found }: Orphans) {
  found.count += 1
  if (found.keys.length < TOLD) found.keys.push(key)
}
