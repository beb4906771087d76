import { createHash } from "node:crypto"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createZstdDecompress } from "node:zlib"
import type { Decrypter } from "age-encryption"
import type { Part } from "../../lib/backups/manifest.ts"
import { DamagedBackup, folderOf } from "../../lib/backups/store.ts"
import { ConfigurationError, PermanentError } from "../../lib/errors.ts"
import { S3Error } from "../../lib/storage/s3/errors.ts"
import type { Storage } from "../../lib/storage/types.ts"
import { open } from "./age.ts"
import { backupEnv } from "./env.ts"

/** Where the parts of a backup are, and what opens them. */
export interface Unpacking {
  id: string
  storage: Storage
  signal?: AbortSignal | undefined
  /** Made at the first part that needs it. */
  decrypter?: () => Promise<Decrypter>
}

const CHUNK = 262_144

/**
 * What was packed into a part. It has been given in full, and is to be used, only once this has ended: its hash is known at its
 * end. Throws DamagedBackup, and PermanentError when the key is not there, or another's.
 */
export async function* unpack(part: Part, unpacking: Unpacking): AsyncGenerator<Uint8Array> {
  const { id, decrypter = configuredDecrypter } = unpacking
  const read = stored(part, unpacking)
  let content: AsyncIterable<Uint8Array> = read
  try {
    if (part.key.endsWith(".age")) content = opened(content, await decrypter(), id)
    if (/\.zst(?:\.age)?$/.test(part.key)) content = decompressed(content)
    yield* content
  } catch (error) {
    if (isFault(error)) throw error
    throw new DamagedBackup(`${part.key} of the backup ${id} is damaged: ${(error as Error).message}`)
  }
  // What unpacks may have stopped before the last bytes.
  for await (const _ of read);
}

/** A part as it is stored. Throws DamagedBackup at its end when it is not what was stored. */
export async function* stored(part: Part, { id, storage, signal }: Unpacking): AsyncGenerator<Uint8Array> {
  const content = await storage.get(folderOf(id) + part.key, { signal })
  if (!content) throw new DamagedBackup(`${part.key} of the backup ${id} is missing`)
  const hash = createHash("sha256")
  let bytes = 0
  for await (const chunk of content) {
    hash.update(chunk)
    bytes += chunk.length
    yield chunk
  }
  if (bytes !== part.bytes)
    throw new DamagedBackup(`${part.key} of the backup ${id} has ${bytes} bytes, and had ${part.bytes}`)
  if (hash.digest("hex") !== part.sha256)
    throw new DamagedBackup(
      `${part.key} of the backup ${id} is damaged: its bytes are not those that were stored`,
    )
}

/** What opens backups, as the environment has it. Throws PermanentError when it has nothing. */
export async function configuredDecrypter(): Promise<Decrypter> {
  const { BACKUP_IDENTITY } = backupEnv()
  if (!BACKUP_IDENTITY)
    throw new PermanentError(
      "The backup is encrypted, and BACKUP_IDENTITY, which opens it, is not set: set it to the identity of one of its recipients",
    )
  const { Decrypter } = await import("age-encryption")
  const decrypter = new Decrypter()
  for (const identity of BACKUP_IDENTITY) decrypter.addIdentity(identity)
  return decrypter
}

async function* opened(content: AsyncIterable<Uint8Array>, decrypter: Decrypter, id: string) {
  try {
    yield* open(content, decrypter)
  } catch (error) {
    if (!/no identity matched/.test((error as Error).message)) throw error
    throw new PermanentError(
      `BACKUP_IDENTITY does not open the backup ${id}: it was encrypted for others; set the identity of one of its recipients`,
    )
  }
}

async function* decompressed(content: AsyncIterable<Uint8Array>) {
  const unzip = createZstdDecompress({ chunkSize: CHUNK })
  const feeding = pipeline(Readable.from(content, { objectMode: false }), unzip)
  feeding.catch(() => undefined)
  yield* unzip
  await feeding
}

/** What says nothing of the bytes: nobody answered, or somebody wants it to stop. */
const isFault = (error: unknown) =>
  error instanceof DamagedBackup ||
  error instanceof PermanentError ||
  error instanceof ConfigurationError ||
  error instanceof S3Error ||
  ["AbortError", "TimeoutError", "RunCancelled", "RunTimedOut"].includes((error as Error).name)
