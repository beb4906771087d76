import { listSealed, resealSecrets } from "../../db/integrations.ts"
import { closePool } from "../../db/pool.ts"
import { boot } from "../../lib/boot.ts"
import { resealed } from "../../lib/partners/secrets.ts"
import { isSealedAnew, SealBroken } from "../../lib/sealed.ts"

/** Rows that are read at a time. */
const BATCH = 100

/** Seal the secrets of all integrations with the first key of SECRETS_KEY; exits with 1 when some could not be opened. */
await boot(async () => {
  const { anew, before, broken } = await rotate().finally(() => closePool())
  console.log(`${anew} sealed anew, ${before} were already`)
  for (const why of broken) console.log(`Not sealed anew: ${why}`)
  process.exit(broken.length ? 1 : 0)
})

async function rotate() {
  const told = { anew: 0, before: 0, broken: [] as string[] }
  for (let after = 0; ; ) {
    const rows = await listSealed(after, BATCH)
    for (const { id, secrets, ...owner } of rows) {
      if (isSealedAnew(secrets)) {
        told.before += 1
        continue
      }
      try {
        // One that was set anew meanwhile was sealed with the first key.
        await resealSecrets({ id, secrets, anew: resealed(owner, secrets) })
        told.anew += 1
      } catch (error) {
        if (!(error instanceof SealBroken)) throw error
        told.broken.push(
          `integration ${id} (${owner.provider} of agency ${owner.agencyId}): ${error.message}`,
        )
      }
    }
    if (rows.length < BATCH) return told
    after = rows.at(-1)!.id
  }
}
