import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { freePort, portInUse } from "../ports.ts"

/** The port that partners had in this folder before, unless something else has it now: what points at them stays right. */
export async function portOf(folder: string): Promise<number> {
  const file = join(folder, "port")
  const before = Number(await readFile(file, "utf8").catch(() => 0))
  if (before > 0 && !(await portInUse(before))) return before
  const port = await freePort()
  await mkdir(folder, { recursive: true })
  await writeFile(file, String(port))
  return port
}
