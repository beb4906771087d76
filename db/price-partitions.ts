import { type Db, pool } from "./pool.ts"

/** Make the partitions of prices for this month (UTC) and so many after it, where they are missing. Returns how many were. */
export async function ensurePartitions(ahead: number, db: Db = pool()): Promise<number> {
  const now = new Date()
  const months = Array.from({ length: ahead + 1 }, (_, month) =>
    monthOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month))),
  )
  return await ensureMonths(months, db)
}

/** Make the partitions that prices observed at these times go into, where they are missing. Returns how many were. */
export async function ensurePartitionsOf(times: Date[], db: Db): Promise<number> {
  return await ensureMonths([...new Set(times.map(monthOf))], db)
}

async function ensureMonths(months: string[], db: Db) {
  const [row] = await db<[{ made: number }]>`
    select ensure_price_partitions(${months}::date[]) as made
  `
  return row.made
}

const monthOf = (time: Date) => `${time.toISOString().slice(0, 7)}-01`
