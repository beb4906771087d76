import type postgres from "postgres"
import { hashPassword } from "../lib/password.ts"

const AGENCY = {
  name: "Imobiliária Araucária",
  slug: "araucaria",
  email: "contato@araucaria.example",
  phone: "+55 44 3025-1200",
}

/** Who administers the demo agency. */
export const DEMO_ADMIN = "helena@araucaria.example"

const USERS = [
  { name: "Helena Prado", email: DEMO_ADMIN, role: "admin" },
  { name: "Rafael Nogueira", email: "rafael@araucaria.example", role: "manager" },
  { name: "Camila Tanaka", email: "camila@araucaria.example", role: "broker" },
]

/** One agency and its three users, once: what is there already stays as it is. */
export async function seedDemo(sql: postgres.Sql, password: string) {
  const [known] = await sql`select 1 from users where email = ${DEMO_ADMIN}`
  if (known) return
  const passwordHash = await hashPassword(password)
  await sql.begin(async (tx) => {
    const [agency] = await tx<{ id: number }[]>`
      insert into agencies ${tx(AGENCY)}
      on conflict (slug) do update set name = excluded.name
      returning id
    `
    const users = USERS.map((user) => ({
      ...user,
      agencyId: agency!.id,
      passwordHash,
      emailVerifiedAt: new Date(),
    }))
    await tx`
      insert into users ${tx(users)}
      on conflict (email) do nothing
    `
  })
}
