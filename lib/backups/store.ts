import { createHash } from "node:crypto"
import { z } from "zod"
import type { Storage, StoredFile } from "../storage/types.ts"
import { type Manifest, manifest as schema } from "./manifest.ts"
import { isOurs, signManifest } from "./signature.ts"

const ROOT = "backups/"
const MANIFEST = "manifest.json"

/** Where the parts of a backup are. */
export const folderOf = (id: string) => `${ROOT}${id}/`

/** The key of a manifest. */
export const manifestKey = (id: string) => folderOf(id) + MANIFEST

/** A backup, or a part of one, is not what it was when it was made. */
export class DamagedBackup extends Error {
  override name = "DamagedBackup"
}

/**
 * With its own checksum, over the manifest as compact JSON: a flipped bit in it is told as well. And with a signature of that, where
 * there is a key: who can write to the storage can make a checksum, and encrypt for the recipients.
 */
const sealed = z.object({ sha256: z.string(), signature: z.string().optional(), manifest: z.unknown() })

/** Have a backup exist. */
export async function writeManifest(manifest: Manifest, storage: Storage, signal: AbortSignal) {
  const sha256 = digest(manifest)
  const text = JSON.stringify({ sha256, signature: signManifest(sha256), manifest }, null, 1)
  await storage.put(manifestKey(manifest.id), new TextEncoder().encode(text), { signal })
}

/** The manifest of a backup; undefined if there is no such backup. Throws DamagedBackup. */
export async function readManifest(
  id: string,
  storage: Storage,
  signal?: AbortSignal,
): Promise<Manifest | undefined> {
  const content = await storage.get(manifestKey(id), { signal })
  if (!content) return undefined
  const text = await new Response(content).text()
  const read = sealed.safeParse(asJson(text))
  if (!read.success || digest(read.data.manifest) !== read.data.sha256)
    throw new DamagedBackup(`The manifest of the backup ${id} is damaged: it cannot be restored`)
  if (!isOurs(read.data.sha256, read.data.signature))
    throw new DamagedBackup(
      `The manifest of the backup ${id} is not signed with BACKUP_SIGNING_KEY: somebody else may have made it, or put it in the place of another`,
    )
  const manifest = schema.safeParse(read.data.manifest)
  if (!manifest.success)
    throw new DamagedBackup(`The manifest of the backup ${id} is of a form this program does not know`)
  if (manifest.data.id !== id)
    throw new DamagedBackup(`The manifest of the backup ${id} is that of ${manifest.data.id}`)
  return manifest.data
}

/** What is stored below the folder of a backup, or of what was to become one. */
interface StoredFolder {
  id: string
  files: StoredFile[]
}

/** What is stored of each backup there is, and of what was to become one. */
export async function* storedFolders(storage: Storage, signal?: AbortSignal): AsyncGenerator<StoredFolder> {
  let folder: StoredFolder | undefined
  for await (const file of storage.list(ROOT, { signal })) {
    const [id, name] = file.key.slice(ROOT.length).split("/")
    if (id === undefined || name === undefined) continue
    if (folder?.id !== id) {
      if (folder) yield folder
      folder = { id, files: [] }
    }
    folder.files.push(file)
  }
  if (folder) yield folder
}

/** Whether a backup exists, by what is stored of it. */
export const hasManifest = ({ id, files }: StoredFolder) => files.some(({ key }) => key === manifestKey(id))

/** The ids of the backups there are. */
export async function storedBackups(storage: Storage, signal?: AbortSignal): Promise<string[]> {
  const ids: string[] = []
  for await (const folder of storedFolders(storage, signal)) if (hasManifest(folder)) ids.push(folder.id)
  return ids
}

const PART =
  /^(?:schema\.json|(?:before|after)\.sql|files\.json|data\/\d{4,}\.(?:keys\.)?copy|files\/\d{4,}\.tar)(?:\.zst)?(?:\.age)?$/

/** Whether a file has the name of a part of this backup. */
export const isPartOf = (id: string, { key }: StoredFile) =>
  key.startsWith(folderOf(id)) && PART.test(key.slice(folderOf(id).length))

/** Remove a backup, or what there is of one: from its first step on it does not exist. */
export async function removeBackup(id: string, storage: Storage, signal?: AbortSignal) {
  await storage.delete(manifestKey(id), { signal })
  const keys: string[] = []
  for await (const { key } of storage.list(folderOf(id), { signal })) keys.push(key)
  for (const key of keys) await storage.delete(key, { signal })
}

const digest = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex")

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
