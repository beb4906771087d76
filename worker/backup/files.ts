import { createHash } from "node:crypto"
import type { Manifest, Part } from "../../lib/backups/manifest.ts"
import { isKey } from "../../lib/storage/key.ts"
import type { Storage, StoredFile } from "../../lib/storage/types.ts"
import { type Packing, pack } from "./pack.ts"
import { tarOf } from "./tar.ts"
import { type Unpacking, unpack } from "./unpack.ts"

/** Bytes of files that are put into one archive, about. */
const ARCHIVE = 268_435_456

/** Keys of files that are not there, which a manifest tells. */
const TOLD = 100

interface Packed {
  files: NonNullable<Manifest["files"]>
  parts: Part[]
}

/** Back up the files that rows name, from where they are stored; those that the chain has already are left out. */
export async function packFiles(
  keys: readonly string[],
  known: ReadonlySet<string>,
  { from, packing }: { from: Storage; packing: Packing },
): Promise<Packed> {
  const missing: string[] = []
  const now = new Set<string>()
  const wanted: StoredFile[] = []
  for (const key of keys) {
    const file = isKey(key) ? await from.head(key, packing) : undefined
    if (!file) missing.push(key)
    else {
      now.add(markOf(file))
      if (!known.has(markOf(file))) wanted.push(file)
    }
  }
  const parts: Part[] = []
  for (const archive of archivesOf(wanted)) {
    const name = `files/${String(parts.length + 1).padStart(4, "0")}.tar`
    const blocks = tarOf(entriesOf(archive, from, packing.signal))
    parts.push(await pack({ kind: "files", name, blocks, compressed: false }, packing))
  }
  const index = new TextEncoder().encode(JSON.stringify([...now].sort()))
  // Of what it tells nobody can make a name: it is for the next backup, which has no key to open anything.
  const open = { ...packing, recipients: null }
  const told = await pack({ kind: "known-files", name: "files.json", blocks: [index] }, open)
  return {
    files: {
      count: wanted.length,
      bytes: wanted.reduce((sum, { size }) => sum + size, 0),
      missing: missing.slice(0, TOLD),
      known: told.key,
    },
    parts: [...parts, told],
  }
}

/** Which files a chain has up to this backup. */
export async function knownFiles({ files, parts }: Manifest, unpacking: Unpacking): Promise<Set<string>> {
  const part = parts.find(({ key }) => key === files?.known)
  if (!part) return new Set()
  const chunks: Uint8Array[] = []
  for await (const chunk of unpack(part, unpacking)) chunks.push(chunk)
  return new Set(JSON.parse(Buffer.concat(chunks).toString()) as string[])
}

/** A file as it is: another content of the same key is another. */
const markOf = ({ key, size, modifiedAt }: StoredFile) =>
  createHash("sha256").update(`${key} ${size} ${modifiedAt.getTime()}`).digest("base64url").slice(0, 22)

function* archivesOf(files: StoredFile[]) {
  let archive: StoredFile[] = []
  let bytes = 0
  for (const file of files) {
    archive.push(file)
    bytes += file.size
    if (bytes < ARCHIVE) continue
    yield archive
    archive = []
    bytes = 0
  }
  if (archive.length) yield archive
}

async function* entriesOf(files: StoredFile[], from: Storage, signal: AbortSignal) {
  for (const { key, size, modifiedAt } of files) {
    const content = await from.get(key, { signal })
    if (!content) throw new Error(`the file ${key} was removed while it was backed up`)
    yield { name: key, size, modifiedAt, content }
  }
}
