import type { Locale } from "../lib/locale.ts"
import type { ReminderSettings } from "../lib/reminders/settings.ts"
import { isUnknownZone } from "./errors.ts"
import { type Db, pool } from "./pool.ts"

/** An agency, as documents have to know it. */
export interface Agency {
  id: number
  name: string
  timeZone: string
  /** `#rrggbb`. */
  brandColour: string
}

export async function findAgency(id: number, db: Db = pool()): Promise<Agency | undefined> {
  const [agency] = await db<Agency[]>`
    select id, name, time_zone, brand_colour
    from agencies
    where id = ${id}
  `
  return agency
}

const reminderColumns = (db: Db) => db`
  time_zone, reminder_days_before as before, reminder_days_overdue as overdue, final_notice_days as final_notice
`

/** When the renters of an agency are told of payments; undefined when there is no such agency. */
export async function findReminderSettings(
  id: number,
  db: Db = pool(),
): Promise<ReminderSettings | undefined> {
  const [settings] = await db<
    ReminderSettings[]
  >`select ${reminderColumns(db)} from agencies where id = ${id}`
  return settings
}

/** Have the renters of an agency told then; false, and nothing is changed, when PostgreSQL does not know the time zone. */
export async function saveReminderSettings(
  id: number,
  { timeZone, before, overdue, finalNotice }: ReminderSettings,
  db: Db = pool(),
): Promise<boolean> {
  try {
    await db`
      update agencies
      set time_zone = ${timeZone}, reminder_days_before = ${before}::int[], reminder_days_overdue = ${overdue}::int[],
        final_notice_days = ${finalNotice}
      where id = ${id} and now() at time zone ${timeZone} is not null
    `
    return true
  } catch (error) {
    if (isUnknownZone(error)) return false
    throw error
  }
}

/** The ids of all agencies. */
export async function listAgencyIds(db: Db = pool()): Promise<number[]> {
  const agencies = await db<{ id: number }[]>`
    select id
    from agencies
    order by id
  `
  return agencies.map(({ id }) => id)
}

/** The agency of a user, what they are there, and the language they read. */
export async function findAgencyOfUser(
  userId: number,
  db: Db = pool(),
): Promise<{ agencyId: number; role: string; locale: Locale } | undefined> {
  const [user] = await db<{ agencyId: number; role: string; locale: Locale }[]>`
    select agency_id, role, locale
    from users
    where id = ${userId}
  `
  return user
}
