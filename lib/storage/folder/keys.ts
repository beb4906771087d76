import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { isFolder, isKey } from "../key.ts"

/** The keys of the files below a folder, in the order of their bytes. What else lies there is passed over. */
export async function* keysIn(root: string, folder: string): AsyncGenerator<string> {
  const entries = (await readdir(join(root, folder), { withFileTypes: true }).catch(ifMissing)) ?? []
  const paths = entries.map((entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`)
  for (const path of paths.sort()) {
    if (isKey(path)) yield path
    else if (path !== folder && isFolder(path)) yield* keysIn(root, path)
  }
}

/** Undefined for what is not there; any other error is thrown. */
export function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error
}
