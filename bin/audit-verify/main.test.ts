import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { addToAuditLog } from "../../db/audit-log.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"

const main = join(import.meta.dir, "main.ts")

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
})
afterAll(() => goBack())

async function verify(...args: string[]) {
  const child = Bun.spawn([process.execPath, main, ...args], {
    env: process.env,
    stdout: "pipe",
    stderr: "pipe",
  })
  const [said, complaints, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { said: said + complaints, code }
}

test("says that the log is whole with what to keep, and else which entry is broken first", async () => {
  expect(await verify()).toEqual({ said: "0 entries are whole\n", code: 0 })
  for (const target of ["one", "two", "three"])
    await addToAuditLog({ phase: "done", actor: "user:7", action: "key.revoke", target })
  const whole = await verify()
  expect(whole.code).toBe(0)
  const [, kept] = /^3 entries are whole; keep elsewhere: --kept (3:[0-9a-f]{64})\n$/.exec(whole.said)!
  expect(await verify("--kept", kept!)).toEqual(whole)

  const attack = (statement: string) =>
    pool().unsafe(
      `alter table audit_log disable trigger all; ${statement}; alter table audit_log enable trigger all`,
    )
  await attack("delete from audit_log where id = 3")
  expect((await verify()).code).toBe(0)
  expect(await verify("--kept", kept!)).toEqual({
    said: `Broken: entry 3 is not the one with hash ${kept!.slice(2)}: the log was cut off or written anew\n`,
    code: 1,
  })
  await attack("update audit_log set actor = 'user:8' where id = 2")
  expect(await verify()).toEqual({
    said: "Broken: entry 2 (key.revoke by user:8) is not as it was written; the 1 before it are whole\n",
    code: 1,
  })
  expect((await verify("--kept", "x")).said).toStartWith("Cannot start: the only option is --kept")
})
