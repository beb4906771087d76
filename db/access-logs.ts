import type { SubjectType } from "../lib/exports/subjects.ts"
import { type Db, pool } from "./pool.ts"
import type { Aged } from "./retention/aged.ts"

/** Somebody's access to something; `action` is what of and what was done, `export.downloaded`. */
export interface Access {
  action: string
  exportId?: number | null
  userId?: number | null
  subjectType?: SubjectType | null
  subjectId?: number | null
  address?: string | null
  userAgent?: string | null
}

/** Keep an access, for six months at least. */
export async function logAccess(access: Access, db: Db = pool()) {
  await db`insert into access_logs ${db(access as never)}`
}

/** Accesses older than the law wants them kept (Lei 12.965/2014, art. 15). */
export const oldAccesses: Aged = {
  table: "access_logs",
  since: "at",
  target: "logs",
  atLeast: {
    interval: "6 months",
    why: "the law has accesses kept for six months (Lei 12.965/2014, art. 15)",
  },
}
