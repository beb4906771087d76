import { createHash } from "node:crypto"
import { type Access, logAccess } from "../../db/access-logs.ts"
import { isDatabaseAway } from "../../db/errors.ts"
import {
  type Asked,
  beginExport,
  completeExport,
  type Export,
  endExport,
  type Finished,
} from "../../db/exports/requests.ts"
import { pool } from "../../db/pool.ts"
import { PermanentError, RunCancelled } from "../../lib/errors.ts"
import { EXPORTS } from "../../lib/exports/link.ts"
import { LINK_DAYS } from "../../lib/exports/subjects.ts"
import { exportStorage } from "../../lib/storage/storage.ts"
import type { Bytes } from "../../lib/storage/types.ts"
import { storeMade } from "../documents/store.ts"
import type { Run } from "../run.ts"

/** The file of an export, as it is made. */
export interface Produced {
  /** The name it is saved under. */
  filename: string
  content: AsyncIterable<Bytes>
  /** How many files and rows are in it, once it is read. */
  counts(): { files: number; rows: number }
}

/**
 * Make the file of an export and store it, once: a later try of the run makes the same file in its place, or finds it done.
 * `make` gets the export, and has its content read by `store` while what it reads from is open. With that it has no connection
 * of the pool any more when the end is noted.
 */
export async function produce(
  asked: Omit<Asked, "runId">,
  run: Run,
  make: (begun: Export, store: (produced: Produced) => Promise<Finished>) => Promise<Finished>,
): Promise<Export> {
  const begun = await beginExport({ ...asked, runId: run.id })
  if (!begun)
    throw new PermanentError(
      `A request of ${asked.subjectType} ${asked.subjectId} is open already: the data come with that one; ask again when it has ended`,
    )
  if (begun.completedAt) return begun
  await run.once("request-logged", async () => {
    await logAccess({ ...accessOf(begun), action: "export.requested" })
    return true
  })
  try {
    const finished = await make(begun, (produced) => store(produced, run))
    return await pool().begin(async (tx) => {
      await logAccess({ ...accessOf(begun), action: "export.completed" }, tx)
      return await completeExport(begun.id, finished, LINK_DAYS, tx)
    })
  } catch (error) {
    await endWith(error, begun, run)
    throw error
  }
}

/** Who an access to an export is by, and whom it is about. */
const accessOf = ({ id, requestedBy, subjectType, subjectId }: Export): Omit<Access, "action"> => ({
  exportId: id,
  userId: requestedBy,
  subjectType,
  subjectId,
})

async function store({ filename, content, counts }: Produced, run: Run): Promise<Finished> {
  const fileKey = `${EXPORTS}${run.id}/${filename}`
  const hash = createHash("sha256")
  const made = hashed(content, hash)
  const fileSize = await storeMade(exportStorage(), fileKey, { made, signal: run.signal })
  return { fileKey, filename, fileSize, sha256: hash.digest("hex"), ...counts() }
}

async function* hashed(
  content: AsyncIterable<Bytes>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Bytes, undefined> {
  for await (const bytes of content) {
    hash.update(bytes)
    yield bytes
  }
}

/** End an export as its run does. That it cannot be noted is outweighed by what the run ends with. */
async function endWith(error: unknown, { id }: Export, run: Run) {
  const { aborted, reason } = run.signal
  const cause = aborted ? reason : error
  if (isDatabaseAway(cause) || (aborted && !(reason instanceof PermanentError))) return
  const { message } = cause as Error
  await endExport(id, reason instanceof RunCancelled ? "cancelled" : "failed", message).catch(
    (unnoted: Error) => run.log(`How the export has ended could not be noted: ${unnoted.message}`),
  )
}
