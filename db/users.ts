import type { Locale } from "../lib/locale.ts"
import { type Db, pool } from "./pool.ts"

/** Whoever can log in. `credentials` counts their passwords: a session is good for the one it was begun with. */
export interface User {
  id: number
  name: string
  email: string
  role: string
  credentials: number
}

const columns = (db: Db) => db`id, name, email, role, credentials`

/** Somebody with the hash of their password, by address, in small letters. */
export async function findUserToLogIn(
  email: string,
  db: Db = pool(),
): Promise<(User & { passwordHash: string }) | undefined> {
  const [user] = await db<(User & { passwordHash: string })[]>`
    select ${columns(db)}, password_hash
    from users
    where email = ${email}
  `
  return user
}

/** Somebody by their id. */
export async function findUser(id: number, db: Db = pool()): Promise<User | undefined> {
  const [user] = await db<User[]>`select ${columns(db)} from users where id = ${id}`
  return user
}

/** Give somebody another password, which ends all their sessions; undefined when another change came first. */
export async function changePassword(
  { id, credentials }: Pick<User, "id" | "credentials">,
  passwordHash: string,
  db: Db = pool(),
): Promise<User | undefined> {
  const [user] = await db<User[]>`
    update users
    set password_hash = ${passwordHash}, credentials = credentials + 1
    where id = ${id} and credentials = ${credentials}
    returning ${columns(db)}
  `
  return user
}

/** Who administers an agency, and the language they read. */
export const listAdministrators = async (agencyId: number, db: Db = pool()) =>
  await db<{ id: number; locale: Locale }[]>`
    select id, locale
    from users
    where agency_id = ${agencyId} and role = 'admin'
    order by id
  `

/** Who looks after what an agency lets: its administrators and managers. */
export async function listManagerIds(agencyId: number, db: Db = pool()): Promise<number[]> {
  const managers = await db<{ id: number }[]>`
    select id
    from users
    where agency_id = ${agencyId} and role in ('admin', 'manager')
    order by id
  `
  return managers.map(({ id }) => id)
}
