import { parseArgs } from "node:util"
import { z } from "zod"
import { insertAdmin } from "../../db/admins.ts"
import { addToAuditLog } from "../../db/audit-log.ts"
import { closePool } from "../../db/pool.ts"
import { boot } from "../../lib/boot.ts"
import { ConfigurationError } from "../../lib/errors.ts"
import { hashPassword, newPassword } from "../../lib/password.ts"
import { randomToken } from "../../lib/random-token.ts"
import { askSecret } from "./ask-secret.ts"

const admin = z.object({
  email: z.email({ error: "the address they log in with" }),
  name: z.string({ error: "what they are called" }).trim().min(1),
  agency: z.string({ error: "the name of their agency" }).trim().min(1),
})

/** Add an administrator, who can log in at once. Somebody who is there already stays as they are, and that is exit code 1. */
await boot(async () => {
  const { email, name, agency } = readAdmin()
  const asked = process.stdin.isTTY ? await askSecret("Password (empty: one is made): ") : ""
  const password = check(newPassword.safeParse(asked || randomToken().slice(0, 24)), "the password")
  try {
    const audited = { actor: "command line", action: "user.create" }
    await addToAuditLog({ phase: "asked", ...audited, target: "user" })
    const passwordHash = await hashPassword(password)
    const made = await insertAdmin({ email, name, agency, passwordHash })
    if (!made) throw new ConfigurationError(`${email} is somebody's already, who stays as they are`)
    await addToAuditLog({ phase: "done", ...audited, target: `user:${made.id}`, after: { role: "admin" } })
    const { name: of, isNew } = made.agency
    console.log(
      `${email}, of ${isNew ? "the new agency " : ""}${of}, can log in${asked ? "" : `, with the password ${password} , which is shown this once`}`,
    )
  } finally {
    await closePool()
  }
})

function readAdmin() {
  try {
    const options = {
      email: { type: "string" },
      name: { type: "string" },
      agency: { type: "string" },
    } as const
    return check(admin.safeParse(parseArgs({ options }).values), "the options --email, --name and --agency")
  } catch (error) {
    if (error instanceof ConfigurationError) throw error
    throw new ConfigurationError(
      `${(error as Error).message.split(/[.'] /)[0]}; there are --email, --name and --agency`,
    )
  }
}

function check<T>(parsed: z.ZodSafeParseResult<T>, what: string): T {
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(": "))
  throw new ConfigurationError(`${what}: ${problems.join("; ")}`)
}
