import { type Db, pool, sidePool } from "../pool.ts"

/** A try's right to an integration: what it writes is good only while nobody has had it after. */
export interface Lease {
  integrationId: number
  number: number
}

/** Take an integration for so many milliseconds, unless another run has it; a run takes it from its own earlier try. */
export async function takeLease(
  integrationId: number,
  runId: string,
  milliseconds: number,
  db: Db = pool(),
): Promise<Lease | undefined> {
  const [row] = await db<{ number: number }[]>`
    update integrations
    set lease = lease + 1, leased_by = ${runId}, leased_until = now() + ${milliseconds} * interval '1 millisecond'
    where id = ${integrationId} and (leased_by is null or leased_by = ${runId} or leased_until <= now())
    returning lease as number
  `
  return row && { integrationId, number: row.number }
}

/** Keep it for longer; whether it is still ours. */
export async function renewLease(
  { integrationId, number }: Lease,
  milliseconds: number,
  db: Db = sidePool(),
): Promise<boolean> {
  const renewed = await db`
    update integrations
    set leased_until = now() + ${milliseconds} * interval '1 millisecond'
    where id = ${integrationId} and lease = ${number}
  `
  return renewed.count > 0
}

/** Give it up. */
export async function giveLease({ integrationId, number }: Lease, db: Db = sidePool()) {
  await db`
    update integrations
    set leased_by = null, leased_until = null
    where id = ${integrationId} and lease = ${number}
  `
}

/**
 * Whether it is still ours, and stays so until the transaction has ended; and whether the integration is still enabled. Undefined
 * when there is none any more.
 */
export async function holdLease({ integrationId, number }: Lease, tx: Db) {
  const [row] = await tx<{ isOurs: boolean; enabled: boolean }[]>`
    select lease = ${number} as is_ours, enabled
    from integrations
    where id = ${integrationId}
    for no key update
  `
  return row && { isOurs: row.isOurs, isEnabled: row.enabled }
}
