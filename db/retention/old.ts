import type { Db } from "../pool.ts"
import type { Aged, Keep } from "./aged.ts"

/** What is old in a table, and what keeps some of it. */
export interface Old {
  aged: Aged
  keeps: readonly Keep[]
  before: Date
}

/** The condition of old rows that nothing keeps. */
export const isOld = ({ aged, keeps, before }: Old, db: Db) => db`
  ${db(`kept.${aged.since}`)} < ${before}
  ${aged.atLeast ? db`and not ${isYoung(aged, db)}` : db``}
  ${keeps.length ? keeps.map(({ rows }) => db`and (${rows(db)}) is not true`) : db``}
`

/** How many rows of a table are old, by why they stay; null: nothing keeps them. */
export async function countOld({ aged, keeps, before }: Old, db: Db) {
  const { table, since, atLeast } = aged
  const all = [...(atLeast ? [{ why: atLeast.why, rows: (db: Db) => isYoung(aged, db) }] : []), ...keeps]
  const reason = all.length
    ? db`case ${all.map(({ rows }, at) => db`when ${rows(db)} then ${at}::int`)} else -1 end`
    : db`-1`
  const counts = await db<{ reason: number; count: number }[]>`
    select reason, count(*)::int8 as count
    from (
      select ${reason} as reason
      from ${db(table)} as kept
      where ${db(`kept.${since}`)} < ${before}
    ) as old
    group by reason
    order by reason
  `
  return counts.map(({ reason, count }) => ({ why: all[reason]?.why ?? null, count }))
}

const isYoung = ({ since, atLeast }: Aged, db: Db) =>
  db`${db(`kept.${since}`)} >= now() - ${atLeast!.interval}::interval`
