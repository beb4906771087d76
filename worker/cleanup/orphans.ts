import { keysAfter, type NamedFiles, namedOf } from "../../db/files/named.ts"
import { namedFiles } from "../../db/files/tables.ts"
import { isKey } from "../../lib/storage/key.ts"
import { exportStorage, storage } from "../../lib/storage/storage.ts"
import type { StoredFile } from "../../lib/storage/types.ts"
import { findBackupOrphans } from "./backups.ts"
import { isSettled, noteFile, noteRow } from "./found.ts"
import type { Orphans, Wanted } from "./item.ts"

/** Rows read at a time, and files that are looked for once more. */
const PAGE = 1_000
const AGAIN = 100

const storages = { files: storage, exports: exportStorage }

/**
 * Find the stored files that no row names, and the rows whose files are not there. Files are deleted only if so wanted, and only those of
 * before; rows never are. Whatever other folders hold belongs to applications.
 */
export async function findOrphans(wanted: Wanted, signal: AbortSignal): Promise<Orphans> {
  const found: Orphans = {
    filesWithoutRows: { count: 0, bytes: 0, deleted: 0, keys: [] },
    rowsWithoutFiles: { count: 0, keys: [] },
  }
  for (const named of namedFiles) {
    const unnamed = inTurn(AGAIN, (files: StoredFile[]) => noteFiles(named, files, wanted, found, signal))
    const missing = inTurn(AGAIN, (keys: string[]) => noteRows(named, keys, found, signal))
    for await (const { file, key } of sideBySide(named, signal)) {
      if (file && key === undefined && isSettled(file)) await unnamed.add(file)
      if (key !== undefined && !file) await missing.add(key)
    }
    await unnamed.end()
    await missing.end()
  }
  await findBackupOrphans(wanted, found, signal)
  return found
}

/** Looked for once more: its row may have come while the others were read. */
async function noteFiles(
  named: NamedFiles,
  files: StoredFile[],
  { before, dryRun, orphans }: Wanted,
  found: Orphans,
  signal: AbortSignal,
) {
  const known = await namedOf(
    named,
    files.map(({ key }) => key),
  )
  for (const file of files.filter(({ key }) => !known.has(key))) {
    noteFile(file, found)
    if (orphans === "report" || file.modifiedAt >= before) continue
    if (!dryRun) await storages[named.storage]().delete(file.key, { signal })
    found.filesWithoutRows.deleted += 1
  }
}

/** Likewise: its file may have come, or the row be gone as well. */
async function noteRows(named: NamedFiles, keys: string[], found: Orphans, signal: AbortSignal) {
  const store = storages[named.storage]()
  const absent: string[] = []
  for (const key of keys) if (!isKey(key) || !(await store.head(key, { signal }))) absent.push(key)
  const known = await namedOf(named, absent)
  for (const key of absent.filter((key) => known.has(key))) noteRow(key, found)
}

/** Files and the keys that rows name, both in the order of their bytes: what is the same comes together. */
async function* sideBySide(named: NamedFiles, signal: AbortSignal) {
  const files = storages[named.storage]().list(named.folder, { signal })[Symbol.asyncIterator]()
  const keys = keysOf(named)
  let file = await nextOf(files)
  let key = await nextOf(keys)
  while (file || key !== undefined) {
    signal.throwIfAborted()
    const [atFile, atKey] = [
      file && (key === undefined || file.key <= key),
      key !== undefined && (!file || key <= file.key),
    ]
    yield { file: atFile ? file : undefined, key: atKey ? key : undefined }
    if (atFile) file = await nextOf(files)
    if (atKey) key = await nextOf(keys)
  }
}

async function* keysOf(named: NamedFiles) {
  for (let after = ""; ; ) {
    const page = await keysAfter(named, after, PAGE)
    yield* page
    if (page.length < PAGE) return
    after = page.at(-1)!
  }
}

async function nextOf<T>(iterator: AsyncIterator<T>): Promise<T | undefined> {
  const { done, value } = await iterator.next()
  return done ? undefined : value
}

/** Things that are dealt with so many at a time. */
function inTurn<T>(size: number, deal: (things: T[]) => Promise<void>) {
  const held: T[] = []
  const end = async () => {
    if (held.length) await deal(held.splice(0))
  }
  return {
    async add(thing: T) {
      held.push(thing)
      if (held.length >= size) await end()
    },
    end,
  }
}
