import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { verifyAuditLog } from "../../db/audit-chain.ts"
import { listAuditLog } from "../../db/audit-log.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { findUserToLogIn } from "../../db/users.ts"
import { verifyPassword } from "../../lib/password.ts"
import { required } from "../../sandbox/required.ts"

const main = join(import.meta.dir, "main.ts")

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
})
afterAll(() => goBack())
const helena = [
  "--email",
  "Helena@Prado.example",
  "--name",
  "Helena Prado",
  "--agency",
  "Imobiliária São José",
]

async function run(command: string[], input = "") {
  const child = Bun.spawn(command, {
    env: process.env,
    stdin: Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  })
  const [said, complaints, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { said, complaints, code }
}

const create = (...args: string[]) => run([process.execPath, main, ...args])

test("makes an administrator who can log in with the password it tells, and their agency; once", async () => {
  const made = await create(...helena)
  expect(made).toMatchObject({ complaints: "", code: 0 })
  const [, password] =
    /^Helena@Prado\.example, of the new agency Imobiliária São José, can log in, with the password (\S{24}) , which is shown this once\n$/.exec(
      made.said,
    )!
  const user = await findUserToLogIn("helena@prado.example")
  expect(user).toMatchObject({ role: "admin", name: "Helena Prado" })
  expect(await verifyPassword(password!, user!.passwordHash)).toBe(true)
  const agencies = () => pool()`select name, slug from agencies`
  expect(await agencies()).toEqual([{ name: "Imobiliária São José", slug: "imobiliaria-sao-jose" }] as never)

  expect(await create(...helena)).toEqual({
    said: "",
    complaints: "Cannot start: Helena@Prado.example is somebody's already, who stays as they are.\n",
    code: 1,
  })
  expect((await findUserToLogIn("helena@prado.example"))!.passwordHash).toBe(user!.passwordHash)
  const elsewhere = [...helena.slice(0, -1), "Prado Imóveis"]
  expect((await create(...elsewhere)).code).toBe(1)
  const bia = await create(
    "--email",
    "bia@prado.example",
    "--name",
    "Bia",
    "--agency",
    "imobiliária são josé",
  )
  expect(bia.said).toStartWith("bia@prado.example, of Imobiliária São José, can log in, with")
  expect(await agencies()).toHaveLength(1)

  const [last] = await listAuditLog({ action: "user.create" }, 1)
  expect(last).toMatchObject({ actor: "command line", phase: "done", after: { role: "admin" } })
  expect((await verifyAuditLog()).broken).toBeUndefined()
})

test("says what it lacks", async () => {
  expect((await create("--email", "a@b.example")).complaints).toBe(
    "Cannot start: the options --email, --name and --agency: name: what they are called; agency: the name of their agency.\n",
  )
  expect((await create("--mail", "a@b.example")).complaints).toStartWith("Cannot start: Unknown option")
})

test.skipIf(!required("script", Bun.which("script")))(
  "asks for the password at a terminal, without showing it",
  async () => {
    const command = [
      process.execPath,
      main,
      "--email",
      "rui@prado.example",
      "--name",
      "Rui",
      "--agency",
      "x",
    ].join(" ")
    const { said } = await run(["script", "-qec", command, "/dev/null"], "correct horse battery\n")
    expect(said).toContain("rui@prado.example, of the new agency x, can log in\r\n")
    // What is typed before anybody asks is shown by the terminal itself.
    expect(said.split("is made): ").at(-1)).not.toContain("horse")
    const user = await findUserToLogIn("rui@prado.example")
    expect(await verifyPassword("correct horse battery", user!.passwordHash)).toBe(true)
    const { said: refused } = await run(
      ["script", "-qec", command.replace("rui@", "eva@"), "/dev/null"],
      "short\n",
    )
    expect(refused).toContain("Cannot start: the password: at least 12 characters.")
  },
)
