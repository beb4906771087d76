import type { Json } from "../lib/jobs/define.ts"
import type { PartnerName } from "../lib/partners/index.ts"
import { asJson } from "./json.ts"
import { dropFeed } from "./listing-feeds.ts"
import { type Db, pool } from "./pool.ts"
import { dropCursors } from "./sync/cursors.ts"
import { dropRefs } from "./sync/refs.ts"

/** What an agency exchanges with a partner, and how it stands. `secrets` are encrypted. */
export interface Integration {
  id: number
  agencyId: number
  provider: PartnerName
  enabled: boolean
  settings: Record<string, Json>
  secrets: string | null
  secretNames: string[]
  status: "ok" | "error" | "disabled"
  /** Why it is in error. */
  reason: string | null
  lastSyncedAt: Date | null
  /** Since when it is with the account that it is with. */
  begunAt: Date
  createdAt: Date
  updatedAt: Date
}

type Row = Omit<Integration, "settings"> & { settings: string }

const columns = (db: Db) => db`
  id, agency_id, provider, enabled, settings::text, secrets, secret_names, status, reason, last_synced_at, begun_at, created_at, updated_at
`

const read = ({ settings, ...row }: Row): Integration => ({ ...row, settings: JSON.parse(settings) })

export interface NewIntegration {
  agencyId: number
  provider: PartnerName
  enabled: boolean
  settings: Record<string, Json>
  secrets: string | null
  secretNames: string[]
}

/** Keep an integration; undefined when the agency has one with this provider, or there is no such agency. */
export async function insertIntegration(
  { settings, ...given }: NewIntegration,
  db: Db = pool(),
): Promise<Integration | undefined> {
  const [row] = await db<Row[]>`
    insert into integrations (agency_id, provider, enabled, settings, secrets, secret_names)
    select ${given.agencyId}, ${given.provider}, ${given.enabled}, ${asJson(settings)}::text::jsonb, ${given.secrets},
      ${given.secretNames}::text[]
    from agencies
    where id = ${given.agencyId}
    on conflict (agency_id, provider) do nothing
    returning ${columns(db)}
  `
  return row && read(row)
}

/** Change what is given; what was wrong is then taken for put right. Undefined when there is none. */
export async function updateIntegration(
  id: number,
  { settings, secrets, secretNames, enabled }: Partial<Omit<NewIntegration, "agencyId" | "provider">>,
  db: Db = pool(),
): Promise<Integration | undefined> {
  const [row] = await db<Row[]>`
    update integrations
    set settings = coalesce(${settings ? asJson(settings) : null}::text::jsonb, settings),
      secrets = coalesce(${secrets ?? null}, secrets), secret_names = coalesce(${secretNames ?? null}::text[], secret_names),
      enabled = coalesce(${enabled ?? null}, enabled), reason = null, updated_at = now()
    where id = ${id}
    returning ${columns(db)}
  `
  return row && read(row)
}

/** It is with another account there from now on, of which nothing is known; what a run under way still writes is refused. */
export async function beginAnew({ id, agencyId, provider }: Integration, tx: Db): Promise<Integration> {
  await dropCursors(id, tx)
  await dropRefs({ agencyId, provider }, tx)
  const [row] = await tx<[Row]>`
    update integrations
    set begun_at = date_trunc('milliseconds', clock_timestamp()), last_synced_at = null, lease = lease + 1, leased_by = null,
      leased_until = null
    where id = ${id}
    returning ${columns(tx)}
  `
  return read(row)
}

/** Remove an integration that is held, with all that is known of the other side by it. A worker deletes the file of its feed. */
export async function deleteIntegration(id: number, tx: Db) {
  await dropFeed(id, tx)
  await tx`delete from integrations where id = ${id}`
}

export async function findIntegration(id: number, db: Db = pool()): Promise<Integration | undefined> {
  const [row] = await db<Row[]>`select ${columns(db)} from integrations where id = ${id}`
  return row && read(row)
}

/** An integration that nobody else changes or removes until the transaction has ended. */
export async function holdIntegration(id: number, tx: Db): Promise<Integration | undefined> {
  const [row] = await tx<Row[]>`select ${columns(tx)} from integrations where id = ${id} for update`
  return row && read(row)
}

/** Whether there is such an integration, and stays so until the transaction has ended. */
export async function isThere(id: number, tx: Db): Promise<boolean> {
  const [row] = await tx`select 1 from integrations where id = ${id} for key share`
  return row !== undefined
}

/** An agency's integration with a provider. */
export async function findIntegrationWith(
  agencyId: number,
  provider: string,
  db: Db = pool(),
): Promise<Integration | undefined> {
  const [row] = await db<Row[]>`
    select ${columns(db)}
    from integrations
    where agency_id = ${agencyId} and provider = ${provider}
  `
  return row && read(row)
}

/** The integration with a provider of the agency that has this slug. */
export async function findIntegrationOf(
  slug: string,
  provider: string,
  db: Db = pool(),
): Promise<Integration | undefined> {
  const [row] = await db<Row[]>`
    select ${columns(db)}
    from integrations
    where provider = ${provider} and agency_id = (select id from agencies where slug = ${slug})
  `
  return row && read(row)
}

/** Integrations by their ids, of one agency or of all. */
export async function listIntegrations(
  { agencyId, after, limit }: { agencyId: number | null; after: number; limit: number },
  db: Db = pool(),
): Promise<Integration[]> {
  const rows = await db<Row[]>`
    select ${columns(db)}
    from integrations
    where id > ${after} and (${agencyId}::bigint is null or agency_id = ${agencyId})
    order by id
    limit ${limit}
  `
  return rows.map(read)
}

/** Those that something is exchanged with now: enabled, and not in error. */
export const listActive = async (
  {
    agencyId = null,
    provider = null,
  }: { agencyId?: number | undefined | null; provider?: string | undefined | null },
  db: Db = pool(),
) =>
  await db<{ id: number; agencyId: number; provider: PartnerName }[]>`
    select id, agency_id, provider
    from integrations
    where status = 'ok' and (${agencyId}::bigint is null or agency_id = ${agencyId})
      and (${provider}::text is null or provider = ${provider})
    order by id
  `

/** Put an integration in error, unless its account or its secrets have been changed since they were found not to be good. */
export async function failIntegration(
  { id, secrets, begunAt }: Pick<Integration, "id" | "secrets" | "begunAt">,
  reason: string,
  db: Db = pool(),
): Promise<boolean> {
  const failed = await db`
    update integrations
    set reason = ${reason}, updated_at = now()
    where id = ${id} and secrets is not distinct from ${secrets} and begun_at = ${begunAt} and reason is null
  `
  return failed.count > 0
}

/** Note that all was exchanged. */
export async function noteSynced(id: number, db: Db = pool()) {
  await db`update integrations set last_synced_at = now() where id = ${id}`
}

/** The next integrations that have secrets, by their ids. */
export const listSealed = async (after: number, limit: number, db: Db = pool()) =>
  await db<(Pick<Integration, "id" | "agencyId" | "provider"> & { secrets: string })[]>`
    select id, agency_id, provider, secrets
    from integrations
    where id > ${after} and secrets is not null
    order by id
    limit ${limit}
  `

/** Put sealed secrets in the place of the same, sealed otherwise; whether they were still there. */
export async function resealSecrets(
  { id, secrets, anew }: { id: number; secrets: string; anew: string },
  db: Db = pool(),
): Promise<boolean> {
  const resealed =
    await db`update integrations set secrets = ${anew} where id = ${id} and secrets = ${secrets}`
  return resealed.count > 0
}
