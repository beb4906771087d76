import { findManager, findPerson, type Manager, type Person } from "../../db/exports/people.ts"
import { PermanentError } from "../../lib/errors.ts"
import type { SubjectType } from "../../lib/exports/subjects.ts"
import type { TablesPayload } from "./plan.ts"

/** Roles that may have what their agency keeps. */
const MAY_EXPORT = new Set(["admin", "manager"])

/**
 * The person that a request is about, who gets the link. Throws PermanentError unless the address is theirs, and has been shown
 * to be: what is kept of a person goes to nobody else.
 */
export async function findRecipient(type: SubjectType, id: number, email: string): Promise<Person> {
  const person = await findPerson(type, id)
  if (!person) throw new PermanentError(`There is no ${type} ${id}`)
  checkAddress(`${type} ${id}`, person, email)
  return person
}

/**
 * Who asks for tables; undefined when nobody is named, and the link is for whoever has asked. Throws PermanentError unless they
 * may have what their agency keeps, and the address that the link is to go to is theirs.
 */
export async function findAsker({ content, userId, email }: TablesPayload): Promise<Manager | undefined> {
  if (content !== "tables" && (userId === undefined || email === undefined))
    throw new PermanentError(
      `The ${content} of an agency go to one of its users: name userId and their email`,
    )
  if (userId === undefined && email === undefined) return undefined
  const user = await findManager(userId === undefined ? { email: email! } : { id: userId })
  if (!user)
    throw new PermanentError(
      userId === undefined ? "No user has the address the link is to go to" : `There is no user ${userId}`,
    )
  if (!MAY_EXPORT.has(user.role))
    throw new PermanentError(
      `User ${user.id} is ${user.role}: only admin and manager may export what their agency keeps`,
    )
  if (email !== undefined) checkAddress(`user ${user.id}`, user, email)
  return user
}

function checkAddress(who: string, person: Person, email: string) {
  if (person.email !== email.toLowerCase())
    throw new PermanentError(
      `The address given is not that of ${who}: data go to the address that is kept of whom they are, and to no other`,
    )
  if (!person.verified)
    throw new PermanentError(
      `The address of ${who} has not been verified: have it verified first, so that the data reach nobody else`,
    )
}
