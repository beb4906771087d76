import { mkdir, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { ConfigurationError } from "../lib/errors.ts"
import { removePostgres } from "./postgres/server.ts"
import { commandLine, endLeftover } from "./process/leftover.ts"

const MARKER = ".esteira"
const PARTS = ["api", "worker"]
const TO_END = { ask: "SIGTERM", patience: 30_000, insist: "SIGKILL" } as const

type Closing = (step: () => Promise<unknown>) => void

/**
 * Take the data folder for this start alone, end what a killed one left running, and, to `reset`, delete what is in it.
 * Throws a ConfigurationError while another start has it.
 */
export async function claimData(dataDir: string, reset: boolean, closing: Closing) {
  await mkdir(dataDir, { recursive: true }).catch((error) => {
    throw unusable(error)
  })
  await checkOurs(dataDir)
  const claim = join(dataDir, "start.pid")
  await takeClaim(claim)
  closing(() => rm(claim, { force: true }))
  for (const part of PARTS) await endLeftover(pidFile(dataDir, part), (pid) => runs(pid, part), TO_END)
  if (!reset) return
  await removePostgres(join(dataDir, "postgres"))
  for (const entry of ["redis", "mail", "storage", "secrets.json", "services.json"]) {
    await rm(join(dataDir, entry), { recursive: true, force: true })
  }
}

/** A folder of other things is not taken for ours, least of all to be emptied. */
async function checkOurs(dataDir: string) {
  const marker = join(dataDir, MARKER)
  const held = await readdir(dataDir).catch((error) => {
    throw unusable(error)
  })
  if (held.length > 0 && !held.includes(MARKER)) {
    throw new ConfigurationError(
      `${dataDir} holds things that are not Esteira's; set DATA_DIR to a folder of its own`,
    )
  }
  await writeFile(marker, "The data of Esteira's stand-ins for development.\n").catch((error) => {
    throw unusable(error)
  })
}

/** Note which process does a part, for a start that finds it left behind. */
export const rememberPart = (dataDir: string, { name, pid }: { name: string; pid: number }) =>
  writeFile(pidFile(dataDir, name), String(pid))

const pidFile = (dataDir: string, part: string) => join(dataDir, `${part}.pid`)

const root = join(import.meta.dir, "..")
const runs = async (pid: number, part: string) =>
  (await commandLine(pid)).includes(` ${join(root, part, "main.ts")} `)

/** The claim is a link to the number of the process that holds it: unlike a file, it is never there without its content. */
async function takeClaim(claim: string) {
  try {
    await symlink(String(process.pid), claim)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(error as Error)
    const holder = Number(await readlink(claim).catch(() => 0))
    if (holder !== process.pid && (await commandLine(holder)).includes("bin/start.ts")) {
      throw new ConfigurationError(
        `it runs from this folder already (process ${holder}); stop that, or set DATA_DIR, PORT and WORKER_PORT to others`,
      )
    }
    await rm(claim, { force: true })
    await takeClaim(claim)
  }
}

const unusable = ({ message }: Error) => new ConfigurationError(`DATA_DIR cannot be used: ${message}`)
