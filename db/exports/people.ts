import type { SubjectType } from "../../lib/exports/subjects.ts"
import { type Db, pool } from "../pool.ts"

/** Somebody of whom data are kept. `verified` is whether the address has been shown to be theirs. */
export interface Person {
  agencyId: number
  name: string
  email: string | null
  verified: boolean
  locale: string
  zone: string
}

/** Somebody who works for an agency and may have what it keeps. */
export interface Manager extends Person {
  id: number
  role: string
}

const TABLES = { user: "users", renter: "renters", owner: "owners", lead: "leads" } as const

/** A person by what they are and their id. An account whose address is verified speaks for whoever signs in with it. */
export async function findPerson(
  type: SubjectType,
  id: number,
  db: Db = pool(),
): Promise<Person | undefined> {
  const account = type === "renter" || type === "owner"
  const [person] = await db<Person[]>`
    select
      person.agency_id, person.name, person.email, time_zone as zone,
      ${type === "user" ? db`person.locale` : db`'pt-BR'`} as locale,
      person.email_verified_at is not null
        ${account ? db`or exists (select from users where id = user_id and users.email = person.email and users.email_verified_at is not null)` : db``}
        as verified
    from ${db(TABLES[type])} as person
    join agencies on agencies.id = person.agency_id
    where person.id = ${id}
  `
  return person
}

/** A user by their id, or by their address. */
export async function findManager(
  by: { id: number } | { email: string },
  db: Db = pool(),
): Promise<Manager | undefined> {
  const [user] = await db<Manager[]>`
    select users.id, agency_id, users.name, users.email, role, locale, time_zone as zone, email_verified_at is not null as verified
    from users
    join agencies on agencies.id = agency_id
    where ${"id" in by ? db`users.id = ${by.id}` : db`users.email = ${by.email}`}
  `
  return user
}
