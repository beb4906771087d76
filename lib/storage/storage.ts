import { openFolder } from "./folder/storage.ts"
import { openBucket } from "./s3/storage.ts"
import { type StorageTarget, storageTarget } from "./target.ts"
import type { Storage } from "./types.ts"

let opened: { storage: Storage; at: string } | undefined

/** Where this process keeps files, as STORAGE_URL says. Throws the sentence to show when it says nothing of use. */
export function storage(): Storage {
  const target = storageTarget()
  const at = JSON.stringify(target)
  if (opened?.at !== at) opened = { storage: openStorage(target), at }
  return opened.storage
}

const openStorage = (target: StorageTarget): Storage =>
  target.kind === "folder" ? openFolder(target.path) : openBucket(target)
