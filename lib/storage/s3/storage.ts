import { attachment } from "../filename.ts"
import { checkKey, contentTypeOf } from "../key.ts"
import { checkLink } from "../link.ts"
import type { BucketTarget } from "../target.ts"
import type { Storage } from "../types.ts"
import { createClient } from "./client.ts"
import { ifMissing } from "./errors.ts"
import { listObjects } from "./list.ts"
import { MOST_PARTS } from "./parts.ts"
import { removeUploads } from "./unfinished.ts"
import { upload } from "./upload.ts"

/** Keeps files in a bucket of S3, or of what speaks its protocol: https://docs.aws.amazon.com/AmazonS3/latest/API */
export function openBucket(target: BucketTarget, { mostParts = MOST_PARTS } = {}): Storage {
  const s3 = createClient(target)
  return {
    put: (key, content, { signal } = {}) => upload(s3, key, content, { signal, mostParts }),
    async get(key, { range, signal } = {}) {
      const headers = range ? { range: `bytes=${range.start}-${range.end}` } : {}
      const found = await s3.open("GET", checkKey(key), { headers, signal }).catch(ifMissing)
      return found && (found.body ?? new Blob().stream())
    },
    async head(key, { signal } = {}) {
      const found = await s3.ask("HEAD", checkKey(key), { signal }).catch(ifMissing)
      if (!found) return undefined
      const { headers } = found
      const size = Number(headers.get("content-length") ?? Number.NaN)
      return { key, size, modifiedAt: new Date(headers.get("last-modified") ?? Number.NaN) }
    },
    async delete(key, { signal } = {}) {
      await s3.ask("DELETE", checkKey(key), { signal }).catch(ifMissing)
    },
    list: (folder, { signal } = {}) => listObjects(s3, folder, signal),
    removeUnfinished: (before, options = {}) => removeUploads(s3, before, options),
    async link(key, options) {
      const { filename, seconds } = checkLink(key, options)
      return await s3.presign(key, {
        "X-Amz-Expires": String(seconds),
        "response-cache-control": "no-store",
        "response-content-disposition": attachment(filename),
        "response-content-type": contentTypeOf(key),
      })
    },
  }
}
