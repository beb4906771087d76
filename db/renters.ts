import { isStopped } from "./email-suppressions.ts"
import { type Db, pool } from "./pool.ts"

/** Who rents, and how to reach them. */
export interface Renter {
  id: number
  name: string
  email: string | null
}

/** A renter by their id. */
export async function findRenter(id: number, db: Db = pool()): Promise<Renter | undefined> {
  const [renter] = await db<Renter[]>`select id, name, email from renters where id = ${id}`
  return renter
}

/** A renter as they can be told of something: their address is that of their account where they have given no other. */
export interface ReachableRenter extends Renter {
  phone: string | null
  userId: number | null
  /** Whether the address takes no mail that somebody has to have: who has unsubscribed has done so from other mail. */
  isSuppressed: boolean
  /** Whether the account has a device that takes pushes. */
  hasDevice: boolean
}

/** The renter of a contract. */
export async function findRenterOf(contractId: number, db: Db = pool()): Promise<ReachableRenter> {
  const [renter] = await db<[ReachableRenter]>`
    select
      renter.id, renter.name, address.email, renter.phone, renter.user_id,
      ${isStopped(db`lower(address.email)`, "notice", db)} as is_suppressed,
      exists (
        select from push_subscriptions as device where device.user_id = renter.user_id and disabled_at is null
      ) as has_device
    from rental_contracts as contract
    join renters as renter on renter.id = renter_id
    left join users as account on account.id = user_id
    cross join lateral (select coalesce(renter.email, account.email) as email) as address
    where contract.id = ${contractId}
  `
  return renter
}
