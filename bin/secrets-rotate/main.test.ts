import { afterAll, beforeAll, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { insertIntegration, listSealed } from "../../db/integrations.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { letHome } from "../../db/testing-rentals.ts"
import { openSecrets, sealSecrets } from "../../lib/partners/secrets.ts"
import { zapier } from "../../lib/partners/zapier.ts"
import { launch } from "../../sandbox/process/launch.ts"

const key = (version: string) => `${version}:${randomBytes(32).toString("base64")}`
const [v1, v2, v3] = [key("v1"), key("v2"), key("v3")]
const secrets = {
  url: "https://hooks.example/catch/1",
  signingSecret: `whsec_${randomBytes(32).toString("base64")}`,
  inboundSecret: "what comes in has it".replaceAll(" ", "-"),
}

let leave: () => Promise<void>
const before = process.env.SECRETS_KEY
beforeAll(async () => {
  leave = await moveToOwnDatabase()
  process.env.SECRETS_KEY = v1
  for (let count = 0; count < 3; count += 1) {
    const { agencyId } = await letHome({ agency: { cnpj: null } })
    const owner = { agencyId, provider: "zapier" as const }
    const sealed = { secrets: sealSecrets(owner, secrets), secretNames: Object.keys(secrets) }
    await insertIntegration({ ...owner, enabled: true, settings: {}, ...sealed })
  }
})
afterAll(async () => {
  process.env.SECRETS_KEY = before
  await leave()
})

async function rotate(SECRETS_KEY: string) {
  const launched = launch([process.execPath, "bin/secrets-rotate/main.ts"], "SIGKILL", {
    cwd: join(import.meta.dir, "../.."),
    env: { ...process.env, SECRETS_KEY },
  })
  return { code: await launched.ended, said: launched.output() }
}

test("seals all secrets with the first key, so that the others can go; and says which it could not", async () => {
  expect(await rotate(`${v2},${v1}`)).toEqual({ code: 0, said: "3 sealed anew, 0 were already\n" })
  expect(await rotate(v2)).toEqual({ code: 0, said: "0 sealed anew, 3 were already\n" })
  process.env.SECRETS_KEY = v2
  for (const row of await listSealed(0, 10)) {
    expect(row.secrets).toStartWith("v2.")
    expect(openSecrets(zapier as never, row)).toEqual(secrets)
  }
  const lost = await rotate(v3)
  expect(lost.code).toBe(1)
  expect(lost.said).toStartWith(
    "0 sealed anew, 0 were already\nNot sealed anew: integration 1 (zapier of agency 1): SECRETS_KEY has no key v2",
  )
  expect((await rotate("v1:short")).said).toContain("SECRETS_KEY is not right")
})
