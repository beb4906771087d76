import { openFolder } from "./folder/storage.ts"
import { openBucket } from "./s3/storage.ts"
import { backupTarget, exportTarget, filesTarget, type StorageTarget, storageTarget } from "./target.ts"
import type { Storage } from "./types.ts"

const opened = new Map<string, Storage>()

/** Where this process keeps files, as STORAGE_URL says. Throws the sentence to show when it says nothing of use. */
export const storage = (): Storage => opening(storageTarget())

/** The same, for whoever makes no links: it takes no more than STORAGE_URL. Throws the sentence to show. */
export const filesStorage = (): Storage => opening(filesTarget())

/** Where backups are kept: as other files, or in a bucket of their own. Throws the sentence to show. */
export const backupStorage = (): Storage => opening(backupTarget())

/** Where exports are kept: likewise. Throws the sentence to show. */
export const exportStorage = (): Storage => opening(exportTarget())

function opening(target: StorageTarget): Storage {
  const at = JSON.stringify(target)
  const known = opened.get(at) ?? openStorage(target)
  opened.set(at, known)
  return known
}

const openStorage = (target: StorageTarget): Storage =>
  target.kind === "folder" ? openFolder(target.path) : openBucket(target)
