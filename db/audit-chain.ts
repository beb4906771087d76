import { createHash } from "node:crypto"
import { type Db, pool } from "./pool.ts"

/** An entry as it stands, with the text that its hash is of. */
interface Link {
  id: number
  said: string
  hash: string
  actor: string
  action: string
}

/** What came of reading the audit log through: how many entries there are, the hash of the last, and what is wrong first. */
export interface AuditVerdict {
  entries: number
  head: string
  broken: string | undefined
  /** Whether the entry with this number has this hash: undefined unless it was asked for. */
  isKept: boolean | undefined
}

const BATCH = 5_000

/**
 * Read the audit log through, and say where it is not as it was written: an entry that was changed, removed, or added
 * otherwise. What was cut off at its end shows only to who has kept the number and hash of an entry: `kept`.
 */
export async function verifyAuditLog(
  kept?: { id: number; hash: string },
  db: Db = pool(),
): Promise<AuditVerdict> {
  let entries = 0
  let head = ""
  let isKept = kept && false
  for (;;) {
    const links = await linksAfter(entries, db)
    for (const link of links) {
      if (link.id !== entries + 1) return { entries, head, isKept, broken: `entry ${entries + 1} is missing` }
      if (hashOf(head, link.said) !== link.hash) {
        const what = `entry ${link.id} (${link.action} by ${link.actor}) is not as it was written`
        return { entries, head, isKept, broken: what }
      }
      entries = link.id
      head = link.hash
      if (kept?.id === link.id) isKept = kept.hash === link.hash
    }
    if (links.length < BATCH) return { entries, head, isKept, broken: undefined }
  }
}

const hashOf = (previous: string, said: string) =>
  createHash("sha256").update(Buffer.from(previous, "hex")).update(said).digest("hex")

// The text is put together as the trigger does, but not by it: whoever changes the one does not change the other.
const linksAfter = (id: number, db: Db) => db<Link[]>`
  select id, actor, action, encode(hash, 'hex') as hash,
    jsonb_build_array(
      id, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), phase, actor, key_id,
      address, request_id, action, target, status, before, after
    )::text as said
  from audit_log
  where id > ${id}
  order by id
  limit ${BATCH}
`
