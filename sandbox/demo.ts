import type postgres from "postgres"
import { hashPassword } from "../lib/password.ts"
import { agencies } from "./demo/agencies.ts"
import { seedAgencies } from "./demo/rentals.ts"

/** Who administers the first demo agency. */
export const DEMO_ADMIN = agencies[0].users[0].email

/** Two agencies and their users, once: what is there already stays as it is. */
export async function seedDemo(sql: postgres.Sql, password: string) {
  const [known] = await sql`select 1 from users where email = ${DEMO_ADMIN}`
  if (known) return
  const passwordHash = await hashPassword(password)
  await sql.begin(async (tx) => {
    const ids = await seedAgencies(tx)
    const users = agencies.flatMap(({ row, users }) =>
      users.map((user) => ({
        ...user,
        agencyId: ids.get(row.slug)!,
        passwordHash,
        emailVerifiedAt: new Date(),
      })),
    )
    await tx`
      insert into users ${tx(users)}
      on conflict (email) do nothing
    `
  })
}
