import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { mustRun } from "./child.mjs"
import { manifest, modules } from "./project.mjs"

const { devDependencies, engines } = JSON.parse(manifest)
const machine = `${process.platform} ${process.arch}`

/** The oldest Bun that will do. */
export const minimum = /\d+\.\d+\.\d+/.exec(engines.bun)[0]

/** The Bun in node_modules. */
export function pinnedBun() {
  const moved = join(modules, "bun", "bin", "bun.exe")
  // Where install scripts do not run, it is a placeholder of a few hundred bytes.
  const isReal = existsSync(moved) && statSync(moved).size > 1_000_000
  return isReal ? moved : packagedBun(modules)
}

/** A Bun that was there before us and is not too old. */
export function ownBun() {
  const running = process.versions.bun ? [process.execPath] : []
  const pinned = pinnedBun() ?? []
  return running.concat(onPath("bun"), pinned).find((bun) => isEnough(version(bun)))
}

/** The pinned Bun, fetched into a folder: what it takes to install the rest. */
export async function fetchBun(folder) {
  const name = `bun@${devDependencies.bun}`
  if (onPath("npm").length === 0)
    throw new Error(`${name} cannot be fetched without npm: install npm, or Bun itself (https://bun.com).`)
  // Not with --prefix, for which npm forgets the machine's own settings, such as its certificates.
  writeFileSync(join(folder, "package.json"), "{}")
  await mustRun(
    "npm",
    ["install", "--no-save", "--ignore-scripts", name],
    `${name} could not be fetched`,
    folder,
  )
  const bun = packagedBun(join(folder, "node_modules"))
  if (bun) return bun
  throw new Error(`${name} does not run on this machine (${machine}).`)
}

/** The first of Bun's builds in a node_modules that runs here. */
function packagedBun(folder) {
  const scope = join(folder, "@oven")
  const builds = existsSync(scope) ? readdirSync(scope) : []
  return builds.map((build) => join(scope, build, "bin", "bun")).find(version)
}

function onPath(program) {
  const folders = (process.env.PATH ?? "").split(delimiter)
  return folders.map((folder) => join(folder, program)).filter(existsSync)
}

function version(bun) {
  const { status, stdout } = spawnSync(bun, ["--version"], { encoding: "utf8" })
  return status === 0 ? stdout.trim() : undefined
}

function isEnough(found) {
  return found !== undefined && found.localeCompare(minimum, "en", { numeric: true }) >= 0
}
