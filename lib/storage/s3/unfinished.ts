import { isKey } from "../key.ts"
import type { S3 } from "./client.ts"
import { ifMissing } from "./errors.ts"
import { textOf } from "./xml.ts"

interface Options {
  dryRun?: boolean | undefined
  signal?: AbortSignal | undefined
}

/** Abandon the uploads in parts that were begun before a moment, a page of a thousand at a time, and return how many there were. */
export async function removeUploads(s3: S3, before: Date, { dryRun, signal }: Options): Promise<number> {
  let removed = 0
  let more: Record<string, string> | undefined = {}
  do {
    const { text } = await s3.ask("GET", "", { query: { uploads: "", ...more }, signal })
    for (const [, upload = ""] of text.matchAll(/<Upload>(.*?)<\/Upload>/gs)) {
      const [key = "", uploadId = ""] = [textOf(upload, "Key"), textOf(upload, "UploadId")]
      const begun = new Date(textOf(upload, "Initiated") ?? Number.NaN)
      // What others begin in the bucket is theirs.
      if (!isKey(key) || !(begun < before)) continue
      if (!dryRun) await s3.ask("DELETE", key, { query: { uploadId }, signal }).catch(ifMissing)
      removed += 1
    }
    more =
      textOf(text, "IsTruncated") === "true"
        ? {
            "key-marker": textOf(text, "NextKeyMarker") ?? "",
            "upload-id-marker": textOf(text, "NextUploadIdMarker") ?? "",
          }
        : undefined
  } while (more)
  return removed
}
