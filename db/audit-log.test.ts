import { afterEach, beforeEach, expect, test } from "bun:test"
import postgres from "postgres"
import { verifyAuditLog } from "./audit-chain.ts"
import { type AuditEntry, addToAuditLog, listAuditLog } from "./audit-log.ts"
import { pool } from "./pool.ts"
import { moveToOwnDatabase } from "./testing.ts"

const entry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
  phase: "done",
  actor: "admin",
  action: "run.cancel",
  target: "email",
  ...over,
})

// Nothing can be taken out of an audit log: each test begins with one of its own.
let goBack: () => Promise<void>
beforeEach(async () => {
  goBack = await moveToOwnDatabase()
})
afterEach(() => goBack())

/** Do what an attacker can who owns the database. */
const tamper = async (statement: string) => {
  await pool().unsafe(`
    alter table audit_log disable trigger all;
    ${statement};
    alter table audit_log enable trigger all;
  `)
}

test("keeps what was said, numbered without gaps and chained", async () => {
  const said = { before: { is_paused: false }, after: { is_paused: true, reason: "ação 𝕏 \ud800 \0" } }
  await addToAuditLog(entry({ keyId: 3, address: "192.0.2.1", requestId: "r-1", status: 200, ...said }))
  await addToAuditLog(entry({ phase: "asked" }))
  expect(await listAuditLog({}, 10)).toMatchObject([
    { id: 2, phase: "asked", status: null, before: null, after: null, keyId: null },
    {
      id: 1,
      phase: "done",
      keyId: 3,
      address: "192.0.2.1",
      requestId: "r-1",
      before: said.before,
      after: { is_paused: true, reason: "ação 𝕏 \ufffd \ufffd" },
      createdAt: expect.any(Date),
    },
  ])
  expect(await verifyAuditLog()).toMatchObject({ entries: 2, broken: undefined })
})

test("is added to and nothing else, whoever asks", async () => {
  await addToAuditLog(entry())
  for (const statement of [
    "update audit_log set actor = 'nobody'",
    "delete from audit_log",
    "truncate audit_log",
    "update audit_log set hash = hash where false or id = 1",
  ])
    await expect(pool().unsafe(statement)).rejects.toThrow(/^the audit log is only added to: \w+ is refused$/)
  expect(await listAuditLog({}, 10)).toHaveLength(1)
})

test("takes no number, time or hash from who adds to it", async () => {
  await addToAuditLog(entry())
  await pool()`
    insert into audit_log (id, phase, actor, action, target, hash, created_at)
    values (99, 'done', 'a', 'b', 'c', decode(repeat('00', 32), 'hex'), '2020-01-01')
  `
  const [last] = await listAuditLog({}, 1)
  expect(last!.id).toBe(2)
  expect(last!.createdAt.getTime()).toBeGreaterThan(Date.now() - 60_000)
  expect(await verifyAuditLog()).toMatchObject({ entries: 2, broken: undefined })
})

test("is found, page by page", async () => {
  for (let i = 1; i <= 9; i++)
    await addToAuditLog(entry({ actor: i % 2 ? "admin" : "user:7", target: `key:${i}`, requestId: `r-${i}` }))
  const ids = async (filter: object, limit = 10) => (await listAuditLog(filter, limit)).map(({ id }) => id)
  expect(await ids({}, 3)).toEqual([9, 8, 7])
  expect(await ids({ before: 7 }, 3)).toEqual([6, 5, 4])
  expect(await ids({ actor: "user:7" })).toEqual([8, 6, 4, 2])
  expect(await ids({ target: "key:3" })).toEqual([3])
  expect(await ids({ requestId: "r-5", action: "run.cancel" })).toEqual([5])
  expect(await ids({ action: "key.create" })).toEqual([])
  expect(await ids({ from: new Date(Date.now() + 60_000) })).toEqual([])
  expect(await ids({ to: new Date(Date.now() + 60_000) }, 1)).toEqual([9])
})

test("holds whoever writes at the same time, as many as they are", async () => {
  const sessions = Array.from({ length: 8 }, () =>
    postgres(process.env.DATABASE_URL!, { max: 4, prepare: false }),
  )
  const add = (sql: postgres.Sql) =>
    sql`insert into audit_log (phase, actor, action, target) values ('done', 'a', 'b', 'c')`
  await Promise.all([
    ...sessions.flatMap((sql) => Array.from({ length: 25 }, () => add(sql))),
    ...Array.from({ length: 200 }, () => addToAuditLog(entry())),
    // One that is undone leaves no gap.
    ...sessions.map((sql) =>
      sql
        .begin(async (tx) => {
          await tx`insert into audit_log (phase, actor, action, target) values ('done', 'a', 'b', 'c')`
          throw new Error("undone")
        })
        .catch((error: Error) => expect(error.message).toBe("undone")),
    ),
  ])
  await Promise.all(sessions.map((sql) => sql.end()))
  expect(await verifyAuditLog()).toMatchObject({ entries: 400, broken: undefined })
})

test("tells of the first entry that was changed, removed, added or exchanged", async () => {
  const fill = async () => {
    for (let i = 1; i <= 5; i++) await addToAuditLog(entry({ target: `key:${i}`, after: { i } }))
  }
  await fill()
  const { head } = await verifyAuditLog()
  const changed = (id: number) => `entry ${id} (run.cancel by admin) is not as it was written`
  const cases: [string, string, string | undefined][] = [
    [
      "update audit_log set target = 'key:9' where id = 3",
      "update audit_log set target = 'key:3' where id = 3",
      changed(3),
    ],
    [
      `update audit_log set after = '{"i": 7}' where id = 4`,
      `update audit_log set after = '{"i": 4}' where id = 4`,
      changed(4),
    ],
    [
      "update audit_log set created_at = created_at + interval '1 microsecond' where id = 2",
      "update audit_log set created_at = created_at - interval '1 microsecond' where id = 2",
      changed(2),
    ],
    [
      "update audit_log set id = 90 where id = 1",
      "update audit_log set id = 1 where id = 90",
      "entry 1 is missing",
    ],
    [
      "update audit_log set id = -1 where id = 2; update audit_log set id = 2 where id = 3; update audit_log set id = 3 where id = -1",
      "update audit_log set id = -1 where id = 2; update audit_log set id = 2 where id = 3; update audit_log set id = 3 where id = -1",
      changed(2),
    ],
  ]
  for (const [tampering, undoing, broken] of cases) {
    await tamper(tampering)
    expect([tampering, (await verifyAuditLog()).broken]).toEqual([tampering, broken])
    await tamper(undoing)
    expect((await verifyAuditLog()).broken).toBeUndefined()
  }

  // What is cut off at the end shows to who has kept the last hash.
  expect(await verifyAuditLog({ id: 5, hash: head })).toMatchObject({ entries: 5, head, isKept: true })
  await tamper("delete from audit_log where id = 5")
  expect(await verifyAuditLog()).toMatchObject({ entries: 4, broken: undefined })
  expect(await verifyAuditLog({ id: 5, hash: head })).toMatchObject({ broken: undefined, isKept: false })
  await addToAuditLog(entry())
  expect(await verifyAuditLog({ id: 5, hash: head })).toMatchObject({ broken: undefined, isKept: false })
})
