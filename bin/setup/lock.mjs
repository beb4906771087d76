import { readlinkSync, rmSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { interruption } from "./child.mjs"
import { modules } from "./project.mjs"

// A link to the number of the process that holds it: unlike a file, it is never there without its content.
const lock = join(modules, ".esteira.lock")

/** Waits until no other process installs; the lock of one that is gone counts for nothing. */
export async function takeLock() {
  let told
  while (!tryLock()) {
    if (interruption()) throw new Error(`Ended by ${interruption()}.`)
    const holder = readHolder()
    if (holder && !isAlive(holder)) releaseLock()
    else if (holder && holder !== told) {
      console.log(`Waiting for process ${holder}, which is installing the dependencies…`)
      told = holder
    }
    await sleep(100)
  }
}

export function releaseLock() {
  rmSync(lock, { force: true })
}

function tryLock() {
  try {
    symlinkSync(`${process.pid}`, lock)
    return true
  } catch (error) {
    if (error.code === "EEXIST") return false
    throw error
  }
}

function readHolder() {
  try {
    return Number(readlinkSync(lock))
  } catch (error) {
    if (error.code === "ENOENT") return undefined
    throw error
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === "EPERM"
  }
}
