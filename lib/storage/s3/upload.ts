import { type Batches, inBatches } from "../batches.ts"
import { checkKey, contentTypeOf } from "../key.ts"
import type { Bytes, Content } from "../types.ts"
import type { S3 } from "./client.ts"
import { PART, PART_PATIENCE, startParts } from "./parts.ts"

/** Upload an object, in parts if it is large; resolves with its bytes. There is no object unless all has arrived. */
export const upload = (
  s3: S3,
  key: string,
  content: Content,
  { signal, mostParts }: { signal: AbortSignal | undefined; mostParts: number },
) =>
  inBatches(content, { size: PART, signal }, async (batches) => {
    const headers = { "content-type": contentTypeOf(checkKey(key)) }
    const { value: first = new Uint8Array() } = await batches.next()
    if (first.length === PART)
      return await uploadParts(s3, { key, headers, signal, mostParts }, first, batches)
    await s3.ask("PUT", key, { headers, body: first, signal, patience: PART_PATIENCE })
    return first.length
  })

async function uploadParts(s3: S3, object: Parameters<typeof startParts>[1], first: Bytes, rest: Batches) {
  const parts = await startParts(s3, object, rest.reuse)
  try {
    await parts.add(first)
    for await (const batch of rest) await parts.add(batch)
    return await parts.complete()
  } catch (error) {
    await parts.abandon()
    throw error
  }
}
