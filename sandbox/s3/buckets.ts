import { createClient } from "../../lib/storage/s3/client.ts"
import type { BucketTarget } from "../../lib/storage/target.ts"

interface Server {
  url: string
  accessKeyId: string
  secretAccessKey: string
}

/** How a bucket of a server is reached, whether it is there or not. */
export const bucketOf = ({ url, accessKeyId, secretAccessKey }: Server, name: string): BucketTarget => ({
  kind: "bucket",
  address: `${url}/${name}`,
  region: "us-east-1",
  accessKeyId,
  secretAccessKey,
  sessionToken: undefined,
})

/** Make an empty bucket. */
export async function createBucket(server: Server, name: string): Promise<BucketTarget> {
  const target = bucketOf(server, name)
  await createClient(target).ask("PUT", "")
  return target
}

/** The keys of what was begun in parts, and neither completed nor abandoned. */
export async function uploadsIn(target: BucketTarget): Promise<string[]> {
  const { text } = await createClient(target).ask("GET", "", { query: { uploads: "" } })
  return [...text.matchAll(/<Upload>.*?<Key>(.*?)<\/Key>/gs)].map(([, key]) => key!)
}
