import { checkFolder, isKey } from "../key.ts"
import type { StoredFile } from "../types.ts"
import type { S3 } from "./client.ts"
import { textOf } from "./xml.ts"

/** The files below a folder, a page of a thousand at a time. What others keep in the bucket is passed over. */
export async function* listObjects(
  s3: S3,
  folder: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<StoredFile> {
  const query = { "list-type": "2", prefix: checkFolder(folder) }
  let more: string | undefined
  do {
    const page = { ...query, ...(more && { "continuation-token": more }) }
    const { text } = await s3.ask("GET", "", { query: page, signal })
    for (const [, object = ""] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const key = textOf(object, "Key") ?? ""
      if (!isKey(key)) continue
      yield {
        key,
        size: Number(textOf(object, "Size")),
        modifiedAt: new Date(textOf(object, "LastModified")!),
      }
    }
    more = textOf(text, "NextContinuationToken")
  } while (more)
}
