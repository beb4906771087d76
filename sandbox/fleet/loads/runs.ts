import { pool } from "../../../db/pool.ts"

/** How many of these runs have ended, as the ledger has it. */
export async function countEnded(ids: string[]): Promise<number> {
  const [row] = await pool()<[{ count: number }]>`
    select count(*)::int as count from runs where id = any(${ids})
  `
  return row.count
}
