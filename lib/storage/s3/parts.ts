import { PermanentError } from "../../errors.ts"
import { createLog } from "../../log.ts"
import type { Bytes } from "../types.ts"
import type { S3 } from "./client.ts"
import { textOf } from "./xml.ts"

/** Bytes of a part. S3 wants 5 MiB at least, and others all of one size but the last. */
export const PART = 8 * 1_048_576

const GIB = 1_073_741_824

/** Milliseconds a part may take. */
export const PART_PATIENCE = 120_000

/** Parts that S3 lets an object have: with these at most 78 GiB. */
export const MOST_PARTS = 10_000

/** Parts under way at a time, while the next one is filled. */
const UNDER_WAY = 2

/** Milliseconds that putting the parts together may take, and taking them away. */
const TO_COMPLETE = 300_000
const TO_ABANDON = 4_000

interface Upload {
  key: string
  mostParts: number
  headers: Record<string, string>
  signal: AbortSignal | undefined
}

/** Begin an object of parts; it comes to be with `complete`. Once something has failed, `abandon` it. Parts that have arrived are given back. */
export async function startParts(
  s3: S3,
  { key, headers, signal, mostParts }: Upload,
  giveBack: (part: Bytes) => void,
) {
  const { text } = await s3.ask("POST", key, { query: { uploads: "" }, headers, signal })
  const uploadId = textOf(text, "UploadId")
  if (!uploadId) throw new Error(`S3 gave no id to an upload of ${key}`)

  const abandoned = new AbortController()
  const either = signal ? AbortSignal.any([signal, abandoned.signal]) : abandoned.signal
  const underWay = new Set<Promise<void>>()
  const etags: string[] = []
  let failure: { error: unknown } | undefined
  let begun = 0
  let size = 0

  async function send(number: number, body: Bytes) {
    const query = { partNumber: String(number), uploadId: uploadId! }
    const { headers } = await s3.ask("PUT", key, { query, body, signal: either, patience: PART_PATIENCE })
    etags[number - 1] = headers.get("etag") ?? ""
    size += body.length
    giveBack(body)
  }

  return {
    /** Resolves once there is room for another part. */
    async add(body: Bytes) {
      begun += 1
      if (begun > mostParts)
        throw new PermanentError(
          `${key} is larger than S3 takes in ${mostParts} parts, ${(mostParts * PART) / GIB} GiB: ask for less, or for several files`,
        )
      const sending = send(begun, body)
        .catch((error) => {
          failure ??= { error }
        })
        .finally(() => underWay.delete(sending))
      underWay.add(sending)
      if (underWay.size >= UNDER_WAY) await Promise.race(underWay)
      if (failure) throw failure.error
    },
    /** Resolves with the bytes of the object once it is there. */
    async complete() {
      await Promise.all(underWay)
      if (failure) throw failure.error
      const parts = etags.map(
        (etag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
      )
      const body = Buffer.from(`<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`)
      await s3.ask("POST", key, { query: { uploadId }, body, signal, patience: TO_COMPLETE })
      return size
    },
    /** Take away what has arrived. It never throws: why it was abandoned is what there is to tell. */
    async abandon() {
      abandoned.abort()
      await Promise.all(underWay)
      await s3
        .ask("DELETE", key, { query: { uploadId }, signal: AbortSignal.timeout(TO_ABANDON) })
        .catch((error) =>
          createLog("Storage").warn("Parts of an upload are left in the bucket", { key, error }),
        )
    },
  }
}
