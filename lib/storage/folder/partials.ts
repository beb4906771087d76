import { mkdir, readdir, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { createLog } from "../../log.ts"
import { ifMissing } from "./keys.ts"

/** For nobody but who runs this: there are people's data in files. */
export const OWNERS_FOLDER = { recursive: true, mode: 0o700 }

/** Milliseconds without a write after which nobody writes a partial file any more: its process was killed. */
const ABANDONED = 24 * 3_600_000

/** Where files are written before they have their place: on the same disk, under no key. */
export function createPartials(root: string) {
  const folder = join(root, ".partial")
  let clearing: Promise<unknown> | undefined
  return {
    /** Write to a path that is not there yet, and have moved the file in the end: what is left of it is removed. */
    async use<T>(write: (path: string) => Promise<T>): Promise<T> {
      await mkdir(folder, OWNERS_FOLDER)
      clearing ??= remove(folder, new Date(Date.now() - ABANDONED)).catch((error) =>
        createLog("Storage").warn("Could not remove abandoned files", { folder, error }),
      )
      await clearing
      const path = join(folder, crypto.randomUUID())
      try {
        return await write(path)
      } finally {
        await rm(path, { force: true })
      }
    },
    /** Remove those that nobody has written to since that moment, and return how many. */
    removeUnfinished: (before: Date, dryRun = false) => remove(folder, before, dryRun),
  }
}

async function remove(folder: string, before: Date, dryRun = false) {
  let removed = 0
  for (const name of (await readdir(folder).catch(ifMissing)) ?? []) {
    const path = join(folder, name)
    const found = await stat(path).catch(ifMissing)
    if (!found || found.mtime >= before) continue
    if (!dryRun) await rm(path, { force: true })
    removed += 1
  }
  return removed
}
