import type { Locale } from "../lib/locale.ts"
import { isUnknownZone } from "./errors.ts"
import { type Db, pool } from "./pool.ts"

/** Whether somebody is told by each channel. */
interface Channels {
  mail: boolean
  inApp: boolean
  push: boolean
}

/** How a person is told of something. */
export interface Told extends Channels {
  userId: number
  locale: Locale
  timeZone: string
  /** When the quiet hours end that it is in now: a push waits until then, and mail should; null when it is in none. */
  quietUntil: Date | null
}

/** How these people are told of something of a category; who is not known is left out. Who has said nothing is told by every channel. */
export const channelsOf = async (
  userIds: number[],
  category: string,
  { at = new Date(), db = pool() }: { at?: Date; db?: Db } = {},
): Promise<Told[]> => db<Told[]>`
  select users.id as user_id, ${channels(db, category)},
    coalesce(wish.locale, users.locale) as locale,
    coalesce(wish.time_zone, agencies.time_zone) as time_zone,
    ${quiet(db, at)} as quiet_until
  from users
  join agencies on agencies.id = agency_id
  left join notification_preferences as wish on wish.user_id = users.id
  where users.id = any(${userIds}::bigint[])
  order by users.id
`

/** What a person wants in a category, of the rows `wish`. */
const channels = (db: Db, category: string) => db`
  coalesce((wish.categories -> ${category}::text ->> 'mail')::boolean, wish.mail, true) as mail,
  coalesce((wish.categories -> ${category}::text ->> 'inApp')::boolean, wish.in_app, true) as in_app,
  coalesce((wish.categories -> ${category}::text ->> 'push')::boolean, wish.push, true) as push
`

const quiet = (db: Db, at: Date) => db`
  end_of_quiet(${at}, coalesce(wish.time_zone, agencies.time_zone), wish.quiet_from, wish.quiet_until)
`

/** What somebody has said of how they want to be told. */
export interface Preferences extends Channels {
  categories: Record<string, Partial<Channels>>
  /** By the clock of the person, `22:00` to `07:00`. */
  quietHours: { from: string; until: string } | null
  /** Null: that of the agency. */
  timeZone: string | null
  /** Null: that of the account. */
  locale: Locale | null
}

type Row = Channels &
  Pick<Preferences, "timeZone" | "locale"> & { categories: string; from: string | null; until: string | null }

/** The preferences of somebody; undefined when there is no such user. */
export async function findPreferences(userId: number, db: Db = pool()): Promise<Preferences | undefined> {
  const [row] = await db<Row[]>`
    select coalesce(mail, true) as mail, coalesce(in_app, true) as in_app, coalesce(push, true) as push,
      coalesce(categories, '{}')::text as categories, to_char(quiet_from, 'HH24:MI') as from, to_char(quiet_until, 'HH24:MI') as until,
      wish.time_zone, wish.locale
    from users
    left join notification_preferences as wish on user_id = users.id
    where users.id = ${userId}
  `
  if (!row) return undefined
  const { from, until, categories, ...rest } = row
  return {
    ...rest,
    categories: JSON.parse(categories),
    quietHours: from && until ? { from, until } : null,
  }
}

/** Have somebody told as they want from now on. False, and nothing is changed, when PostgreSQL does not know the time zone. */
export async function savePreferences(
  userId: number,
  wanted: Preferences,
  db: Db = pool(),
): Promise<boolean> {
  const { mail, inApp, push, quietHours, timeZone, locale } = wanted
  try {
    await db`
      insert into notification_preferences as wish
        (user_id, mail, in_app, push, categories, quiet_from, quiet_until, time_zone, locale)
      select ${userId}, ${mail}, ${inApp}, ${push}, ${JSON.stringify(wanted.categories)}::text::jsonb,
        ${quietHours?.from ?? null}::time, ${quietHours?.until ?? null}::time, ${timeZone}, ${locale}
      where now() at time zone coalesce(${timeZone}, 'UTC') is not null
      on conflict (user_id) do update
      set mail = excluded.mail, in_app = excluded.in_app, push = excluded.push, categories = excluded.categories,
        quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, time_zone = excluded.time_zone,
        locale = excluded.locale, updated_at = now()
    `
    return true
  } catch (error) {
    if (isUnknownZone(error)) return false
    throw error
  }
}
