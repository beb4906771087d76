import { expect, test } from "bun:test"
import { join } from "node:path"
import { generateIdentity, identityToRecipient } from "age-encryption"
import postgres from "postgres"
import { insertIntegration } from "../../db/integrations.ts"
import { pool } from "../../db/pool.ts"
import { letHome } from "../../db/testing-rentals.ts"
import { partnerNamed } from "../../lib/partners/index.ts"
import { openSecrets, sealSecrets } from "../../lib/partners/secrets.ts"
import { SealBroken } from "../../lib/sealed.ts"
import { storage } from "../../lib/storage/storage.ts"
import { back, emptyDatabase, restored, rowsIn, useOwnWorld } from "../backup/testing.ts"

useOwnWorld()

/** `bun run restore`, where there is nothing but the storage: no database of ours, no Redis. */
async function restore(...args: string[]) {
  const { STORAGE_URL, PATH, BACKUP_IDENTITY, BACKUP_SIGNING_KEY } = process.env
  const child = Bun.spawn([process.execPath, "run", "restore", ...args], {
    cwd: join(import.meta.dir, "../.."),
    env: { STORAGE_URL, PATH, BACKUP_IDENTITY, BACKUP_SIGNING_KEY, NODE_ENV: "production" },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [said, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code: await child.exited, said, complaint }
}

test("a backup is listed and restored by the command, with the storage and the key alone", async () => {
  await pool()`create table paper (id int primary key, storage_key text)`
  await pool()`insert into paper values (1, 'reports/1/a.pdf')`
  await storage().put("reports/1/a.pdf", new TextEncoder().encode("a report"))
  const identity = await generateIdentity()
  process.env.BACKUP_RECIPIENTS = await identityToRecipient(identity)
  const { backupId, rows } = await back({ type: "full", includeFiles: true })
  delete process.env.BACKUP_RECIPIENTS
  await storage().delete("reports/1/a.pdf")

  const listed = await restore()
  expect(listed.code).toBe(0)
  expect(listed.said).toMatch(new RegExp(`^${backupId}  \\S+  full  ${rows} rows`))
  const into = await emptyDatabase()
  expect(await restore(backupId, "--into", into)).toMatchObject({
    code: 1,
    complaint: expect.stringContaining("BACKUP_IDENTITY, which opens it, is not set"),
  })
  process.env.BACKUP_IDENTITY = identity
  const restored = await restore(backupId, "--into", into, "--files")
  expect(restored.complaint).not.toContain("exited")
  expect(restored.said).toContain(
    "BACKUP_SIGNING_KEY is not set: whether the backup is one of yours is not checked",
  )
  expect(restored.said).toContain(`Restored ${rows} rows of`)
  expect(restored.said).toContain("found each table the same as it was")
  expect(restored.said).toContain("Put 1 file back")
  expect(await rowsIn(into, ["paper", "migrations"])).toEqual(
    await rowsIn(process.env.DATABASE_URL!, ["paper", "migrations"]),
  )
  expect(await new Response(await storage().get("reports/1/a.pdf")).text()).toBe("a report")

  for (const [args, complaint] of [
    [[backupId, "--into", into], "is not empty"],
    [["none", "--into", into], "There is no backup none in the storage"],
    [["../../etc", "--into", into], "../../etc is no id of a backup"],
    [[backupId, "--into", into, "--table", "users", "--replace"], "other objects depend on it"],
    [[backupId, "--into", into.replace(/[^/]+$/, "none")], 'database "none" does not exist'],
    [[backupId, "--into", into.replace(/@.*/, "@127.0.0.1:1/none")], "PostgreSQL is away"],
    [[backupId], "say which database to restore into"],
    [[backupId, "another", "--into", into], `one backup at a time: ${backupId}, another`],
  ] as const) {
    const refused = await restore(...args)
    expect(refused.code).toBe(1)
    expect(refused.complaint).toContain(complaint)
    expect(refused.complaint).not.toMatch(/^ +at /m)
  }
  expect((await restore(backupId, "--into", into, "--replace")).code).toBe(0)
  process.env.BACKUP_SIGNING_KEY = "a key that the backup was not signed with"
  const unsigned = await restore(backupId, "--into", into, "--replace")
  expect([unsigned.code, unsigned.complaint]).toEqual([
    1,
    expect.stringContaining("is not signed with BACKUP_SIGNING_KEY"),
  ])
  expect((await restore()).said).toContain("is not signed with BACKUP_SIGNING_KEY")
  delete process.env.BACKUP_SIGNING_KEY
  delete process.env.BACKUP_IDENTITY
})

test("the secrets of integrations come back sealed, and are opened with the key that they were sealed with", async () => {
  const { agencyId } = await letHome()
  const owner = { agencyId, provider: "crm" as const }
  const secrets = { token: "what-the-crm-is-asked-with" }
  await insertIntegration({
    ...{ ...owner, enabled: true, settings: { url: "https://crm.example" } },
    ...{ secrets: sealSecrets(owner, secrets), secretNames: ["token"] },
  })
  const { backupId } = await back({ type: "full" })
  const into = await restored(backupId)
  const sql = postgres(into, { max: 1 })
  const [row] = await sql<[{ secrets: string }]>`select secrets from integrations`
  await sql.end()

  expect(row.secrets).not.toContain(secrets.token)
  const kept = { ...owner, ...row }
  expect(openSecrets(partnerNamed("crm")!, kept)).toEqual(secrets)
  const key = process.env.SECRETS_KEY!
  process.env.SECRETS_KEY = `v1:${Buffer.alloc(32, "another").toString("base64")}`
  expect(() => openSecrets(partnerNamed("crm")!, kept)).toThrow(SealBroken)
  process.env.SECRETS_KEY = key
})
