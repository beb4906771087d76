import { type Db, pool } from "./pool.ts"

/** Whether mail to this address has to be kept back, whatever its letter case. */
export async function isSuppressed(email: string, db: Db = pool()): Promise<boolean> {
  const found = await db`
    select 1
    from email_suppressions
    where email = lower(${email})
  `
  return found.length > 0
}
