import { createHash } from "node:crypto"
import type { Part } from "../../lib/backups/manifest.ts"
import { folderOf } from "../../lib/backups/store.ts"
import type { BlockPool } from "../../lib/block-pool.ts"
import type { Storage } from "../../lib/storage/types.ts"
import { seal } from "./age.ts"

/** Bytes that are compressed at a time. */
export const BLOCK = 524_288

/** Blocks compressed at a time, by the threads of the runtime. */
const IN_FLIGHT = 2

/** How the parts of a backup are written, and where. */
export interface Packing {
  id: string
  storage: Storage
  signal: AbortSignal
  /** Of zstd; null for not at all. */
  level: number | null
  /** Who can open them; null for whoever has the file. */
  recipients: readonly string[] | null
  /** What blocks are taken from, and given back to once they are compressed. */
  pool: BlockPool
}

interface Source {
  kind: Part["kind"]
  /** The key without what tells how it is packed: `data/0001.copy`. */
  name: string
  blocks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  /** Bytes that no compression makes fewer are left as they are. */
  compressed?: boolean
}

/** Store a part of a backup as it comes; its blocks pass through in little memory. */
export async function pack(
  { kind, name, blocks, compressed = true }: Source,
  packing: Packing,
): Promise<Part> {
  const { id, storage, signal, level, recipients, pool } = packing
  const raw = { bytes: 0 }
  const stored = { bytes: 0, hash: createHash("sha256") }
  const zstd = compressed && level !== null
  let content: AsyncIterable<Uint8Array> = counted(blocks, raw)
  if (zstd) content = frames(content, level, pool)
  if (recipients) content = seal(content, recipients)
  const key = `${name}${zstd ? ".zst" : ""}${recipients ? ".age" : ""}`
  await storage.put(folderOf(id) + key, hashed(content, stored), { signal })
  return { key, kind, bytes: stored.bytes, sha256: stored.hash.digest("hex"), rawBytes: raw.bytes }
}

async function* counted(blocks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, count: { bytes: number }) {
  for await (const block of blocks) {
    count.bytes += block.length
    yield block
  }
}

/** Frames of zstd, one after the other: any program for zstd takes them for one. No frame at all would be no file of zstd. */
async function* frames(blocks: AsyncIterable<Uint8Array>, level: number, pool: BlockPool) {
  const underWay: Promise<Uint8Array>[] = []
  const compress = (block: Uint8Array) => {
    const frame = Bun.zstdCompress(block as Uint8Array<ArrayBuffer>, { level }).finally(() =>
      pool.give(block),
    )
    // One that fails while another is waited for is told of when its turn comes.
    frame.catch(() => undefined)
    underWay.push(frame)
  }
  let any = false
  for await (const block of blocks) {
    any = true
    compress(block)
    if (underWay.length >= IN_FLIGHT) yield await underWay.shift()!
  }
  if (!any) compress(new Uint8Array())
  for (const frame of underWay) yield await frame
}

async function* hashed(
  content: AsyncIterable<Uint8Array>,
  stored: { bytes: number; hash: ReturnType<typeof createHash> },
) {
  for await (const chunk of content) {
    stored.hash.update(chunk)
    stored.bytes += chunk.length
    yield chunk
  }
}
