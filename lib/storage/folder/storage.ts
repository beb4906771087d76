import { mkdir, rename, rm, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import { inBatches } from "../batches.ts"
import { checkFolder, checkKey } from "../key.ts"
import { checkLink, linkTo } from "../link.ts"
import type { Storage } from "../types.ts"
import { ifMissing, keysIn } from "./keys.ts"
import { createPartials, OWNERS_FOLDER } from "./partials.ts"
import { readFile } from "./read.ts"
import { writeFile } from "./write.ts"

/** Bytes of a write: a call of the system for each little chunk takes far longer than to copy it. */
const BATCH = 1_048_576

/** Keeps files in a folder of this machine. One is written aside and moved to its place, so that it is there whole or not at all. */
export function openFolder(root: string): Storage {
  const partials = createPartials(root)
  const pathOf = (key: string) => join(root, checkKey(key))

  const head: Storage["head"] = async (key) => {
    const found = await stat(pathOf(key)).catch(ifMissing)
    return found?.isFile() ? { key, size: found.size, modifiedAt: found.mtime } : undefined
  }

  return {
    head,
    put: (key, content, { signal } = {}) =>
      inBatches(content, { size: BATCH, signal }, async (batches) => {
        const path = pathOf(key)
        return await partials.use(async (partial) => {
          const size = await writeFile(partial, batches)
          await mkdir(dirname(path), OWNERS_FOLDER)
          await rename(partial, path)
          return size
        })
      }),
    async get(key, { range, signal } = {}) {
      const file = await head(key)
      if (!file) return undefined
      const last = file.size - 1
      const { start, end } = range ?? { start: 0, end: last }
      return readFile(pathOf(key), { start, end: Math.min(end, last) }, signal)
    },
    delete: async (key) => rm(pathOf(key), { force: true }),
    async *list(folder) {
      for await (const key of keysIn(root, checkFolder(folder))) {
        const file = await head(key)
        if (file) yield file
      }
    },
    removeUnfinished: (before, { dryRun } = {}) => partials.removeUnfinished(before, dryRun),
    async link(key, options) {
      const { filename, seconds } = checkLink(key, options)
      return linkTo({ key, filename, expiresAt: Math.floor(Date.now() / 1_000) + seconds })
    },
  }
}
