import { createHash } from "node:crypto"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fetchBun, ownBun, pinnedBun } from "./bun.mjs"
import { mustRun } from "./child.mjs"
import { releaseLock, takeLock } from "./lock.mjs"
import { manifest, modules, root } from "./project.mjs"

const stamp = join(modules, ".esteira")

/** Installs what package.json and bun.lock ask for, unless it is done. */
export async function ensureInstalled() {
  if (isInstalled()) return
  mkdirSync(modules, { recursive: true })
  await takeLock()
  try {
    if (!isInstalled()) await install()
  } finally {
    releaseLock()
  }
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint() && pinnedBun() !== undefined
}

/** Of all that decides what is installed; a folder may be shared by two systems. */
function fingerprint() {
  const lockfile = readFileSync(join(root, "bun.lock"), "utf8")
  return createHash("sha256").update(`${lockfile}${manifest}${process.platform}${process.arch}`).digest("hex")
}

async function install() {
  console.log("Installing dependencies…")
  const folder = mkdtempSync(join(tmpdir(), "esteira-setup-"))
  try {
    const bun = ownBun() ?? (await fetchBun(folder))
    await mustRun(bun, ["install", "--frozen-lockfile"], "The dependencies could not be installed")
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  if (!pinnedBun())
    throw new Error("The dependencies are installed, but the Bun among them does not run on this machine.")
  writeFileSync(stamp, fingerprint())
}
