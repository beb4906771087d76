import { type Db, pool } from "./pool.ts"

/** An administrator to be. */
export interface NewAdmin {
  name: string
  email: string
  /** The name of their agency, which is made when there is none of this name. */
  agency: string
  passwordHash: string
}

interface Agency {
  name: string
  /** There was none of this name. */
  isNew: boolean
}

/** An administrator who was added, and the agency they are of. */
interface AddedAdmin {
  id: number
  agency: Agency
}

/** Add an administrator; undefined when somebody has the address already, and nothing is changed. */
export const insertAdmin = (
  { name, email, agency, passwordHash }: NewAdmin,
  db: ReturnType<typeof pool> = pool(),
): Promise<AddedAdmin | undefined> =>
  db.begin(async (tx) => {
    const [somebody] = await tx`select from users where email = lower(${email})`
    if (somebody) return undefined
    const { id: agencyId, ...of } = await agencyCalled(agency, tx)
    const [user] = await tx<{ id: number }[]>`
      insert into users (agency_id, name, email, password_hash, role, email_verified_at)
      values (${agencyId}, ${name}, lower(${email}), ${passwordHash}, 'admin', now())
      on conflict (email) do nothing
      returning id
    `
    return user && { id: user.id, agency: of }
  })

/** The agency that is called so, or that has this slug. */
async function agencyCalled(name: string, db: Db): Promise<Agency & { id: number }> {
  const [known] = await db<{ id: number; name: string }[]>`
    select id, name from agencies where name = ${name} or slug = ${slugOf(name)} order by id limit 1
  `
  if (known) return { ...known, isNew: false }
  const [made] = await db<{ id: number; name: string }[]>`
    insert into agencies (name, slug)
    values (${name}, ${slugOf(name)})
    on conflict (slug) do update set slug = excluded.slug
    returning id, name
  `
  return { ...made!, isNew: true }
}

/** A name as a part of an address: `Imobiliária Araucária` is `imobiliaria-araucaria`. */
const slugOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "") || "agency"
