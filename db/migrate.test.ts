import { describe, expect, test } from "bun:test"
import { readdir } from "node:fs/promises"
import postgres from "postgres"
import { freePort } from "../sandbox/ports.ts"
import { migrate } from "./migrate.ts"
import { pool } from "./pool.ts"
import { createTestDatabase } from "./testing.ts"

const root = `${import.meta.dir}/..`

async function emptyDatabase() {
  const name = `esteira_empty_${crypto.randomUUID().replaceAll("-", "")}`
  await pool()`create database ${pool()(name)}`
  return Object.assign(new URL(process.env.DATABASE_URL!), { pathname: `/${name}` }).href
}

const migrations = async () => (await readdir(`${import.meta.dir}/migrations`)).sort()
const session = (url: string) => postgres(url, { max: 1, onnotice: () => undefined })

describe("migrations", () => {
  test("are applied once, in order, even by several migrators at a time", async () => {
    const url = await emptyDatabase()
    const sessions = [session(url), session(url), session(url)]
    const applied = await Promise.all(sessions.map(migrate))
    expect(applied.flat()).toEqual([...applied.flat()].sort())
    expect(applied.flat()).toContain("0001_agencies_and_users.sql")
    expect(new Set(applied.flat()).size).toBe(applied.flat().length)
    for (const sql of sessions) await sql.end()
  })

  test("are the release step's command, which says what it did", async () => {
    const env = { ...process.env, DATABASE_URL: await emptyDatabase() }
    const run = async () => {
      const child = Bun.spawn([process.execPath, "db/main.ts"], {
        cwd: root,
        env,
        stdout: "pipe",
        stderr: "pipe",
      })
      return [await new Response(child.stdout).text(), await child.exited]
    }
    expect(await run()).toEqual([`Applied ${(await migrations()).join(", ")}\n`, 0])
    expect(await run()).toEqual(["Nothing to migrate\n", 0])
  })

  test("need a database, and say so", async () => {
    const env = { ...process.env, DATABASE_URL: "" }
    const child = Bun.spawn([process.execPath, "db/main.ts"], {
      cwd: root,
      env,
      stdout: "pipe",
      stderr: "pipe",
    })
    expect(await new Response(child.stderr).text()).toBe(
      "Cannot start: set DATABASE_URL (PostgreSQL; may be a transaction pooler).\n",
    )
    expect(await child.exited).toBe(1)
  })

  test("say in one sentence that the database is not there, or lets nobody in", async () => {
    const url = new URL(process.env.DATABASE_URL!)
    const complaint = async (change: Partial<URL>) => {
      const env = { ...process.env, DATABASE_URL: Object.assign(new URL(url), change).href }
      const child = Bun.spawn([process.execPath, "db/main.ts"], {
        cwd: root,
        env,
        stdout: "pipe",
        stderr: "pipe",
      })
      return await new Response(child.stderr).text()
    }
    for (const change of [
      { pathname: "/nowhere" },
      { password: "wrong" },
      { port: String(await freePort()) },
    ]) {
      expect(await complaint(change)).toMatch(
        /^Cannot start: the database of DIRECT_URL or DATABASE_URL cannot be used: .+\.\n$/,
      )
    }
  })

  test("need no superuser, only a database of one's own", async () => {
    const url = new URL(await emptyDatabase())
    const role = `owner_${crypto.randomUUID().replaceAll("-", "")}`
    const admin = pool()
    await admin.unsafe(`create role ${role} login nosuperuser nocreatedb nocreaterole password 'theirs'`)
    await admin`alter database ${admin(url.pathname.slice(1))} owner to ${admin(role)}`
    const sql = session(Object.assign(url, { username: role, password: "theirs" }).href)
    expect(await migrate(sql)).toEqual(await migrations())
    await sql.end()
    await admin`drop database ${admin(url.pathname.slice(1))}`
    await admin`drop role ${admin(role)}`
  })

  test("leave nothing half done when one fails", async () => {
    const url = await emptyDatabase()
    const sql = session(url)
    await sql`create table email_messages (id int)`
    await expect(migrate(sql)).rejects.toThrow("already exists")
    const names = async () => (await sql`select name from migrations order by name`).map(({ name }) => name)
    expect(await names()).toEqual(["0001_agencies_and_users.sql"])
    expect(
      await sql`select 1 from information_schema.tables where table_name = 'email_suppressions'`,
    ).toEqual([] as never)
    await sql`drop table email_messages`
    expect(await migrate(sql)).toEqual((await migrations()).slice(1))
    await sql.end()
  })
})

test("a test's database is its own, and migrated", async () => {
  const server = process.env.TEST_DATABASE_SERVER ?? process.env.DATABASE_URL!
  const [one, other] = await Promise.all([createTestDatabase(server), createTestDatabase(server)])
  const sql = session(one.url)
  await sql`insert into email_suppressions (email, reason) values ('a@example.com', 'manual')`
  const elsewhere = session(other.url)
  expect(await elsewhere`select email from email_suppressions`).toEqual([] as never)
  await sql.end()
  await elsewhere.end()
  await one.drop()
  await other.drop()
})

describe("the pool", () => {
  test("gives int8 as a number, and refuses one that would not be exact", async () => {
    const [row] = await pool()`select 9007199254740991::int8 as largest, count(*) as none from users`
    expect(row).toEqual({ largest: Number.MAX_SAFE_INTEGER, none: 0 })
    await expect(Promise.resolve(pool()`select 9007199254740993::int8 as larger`)).rejects.toThrow(
      "9007199254740993 is too large",
    )
  })

  test("holds what the schema demands", async () => {
    const refused = (query: PromiseLike<unknown>) =>
      Promise.resolve(query).then(
        () => "taken",
        (error: postgres.PostgresError) => error.code,
      )
    const sql = pool()
    expect(
      await refused(sql`insert into email_suppressions (email, reason) values ('A@example.com', 'manual')`),
    ).toBe("23514")
    expect(
      await refused(sql`insert into email_suppressions (email, reason) values ('a@example.com', 'whim')`),
    ).toBe("23514")
    expect(
      await refused(
        sql`insert into users (agency_id, name, email, password_hash, role) values (1, 'A', 'a@example.com', 'x', 'admin')`,
      ),
    ).toBe("23503")
    expect(
      await refused(sql`
        insert into email_messages (run_id, recipient, template, locale, subject, status)
        values ('r', 'a@example.com', 'welcome', 'en', 's', 'sent')
      `),
    ).toBe("23514")
  })
})
