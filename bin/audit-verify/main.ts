import { parseArgs } from "node:util"
import { verifyAuditLog } from "../../db/audit-chain.ts"
import { closePool } from "../../db/pool.ts"
import { boot } from "../../lib/boot.ts"
import { ConfigurationError } from "../../lib/errors.ts"

/** Read the audit log through, say whether it is as it was written, and exit with 1 when not. */
await boot(async () => {
  const kept = readKept()
  const { entries, head, broken, isKept } = await verifyAuditLog(kept).finally(() => closePool())
  if (broken !== undefined) console.log(`Broken: ${broken}; the ${entries} before it are whole`)
  else if (isKept === false)
    console.log(
      `Broken: entry ${kept!.id} is not the one with hash ${kept!.hash}: the log was cut off or written anew`,
    )
  else
    console.log(`${entries} entries are whole${entries ? `; keep elsewhere: --kept ${entries}:${head}` : ""}`)
  process.exit(broken === undefined && isKept !== false ? 0 : 1)
})

function readKept() {
  const wrong = new ConfigurationError(
    "the only option is --kept with the number and the hash of an entry, as an earlier check has printed it",
  )
  const given = readOption(wrong)
  if (given === undefined) return undefined
  const [, id, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(given) ?? []
  if (id === undefined || hash === undefined) throw wrong
  return { id: Number(id), hash }
}

function readOption(wrong: ConfigurationError) {
  try {
    return parseArgs({ options: { kept: { type: "string" } } }).values.kept
  } catch {
    throw wrong
  }
}
