import { existsSync } from "node:fs"
import { lstat, readdir, readFile, realpath } from "node:fs/promises"
import { join } from "node:path"
import type { User } from "../process/run.ts"
import { type Cluster, createData, passwordFile } from "./create.ts"
import { isOfAnother, reaches } from "./home.ts"

const anew = "start anew with `npm start -- --reset`"

/** The true path of a data folder that is complete: the one that is there, or else a new one. */
export async function openData(cluster: Cluster): Promise<string> {
  const { folder, user } = cluster
  if (await isAbsent(folder)) await createData(cluster)
  if (!existsSync(folder)) throw new Error(`${folder} is a link to data that are gone: ${anew}.`)
  const data = await realpath(folder)
  if (isOfAnother(data, folder)) throw new Error(`${folder} is a link to the data of another clone: ${anew}.`)
  await checkOpen(data, undefined)
  await checkVersion(cluster)
  await checkOpen(data, user)
  return data
}

/** The password of the data's owner. */
export async function readPassword(folder: string): Promise<string> {
  const file = passwordFile(folder)
  if (existsSync(file)) return readFile(file, "utf8")
  throw new Error(`${file} is gone, and without it ${folder} stays closed: put it back, or ${anew}.`)
}

async function isAbsent(folder: string) {
  const found = await lstat(folder).catch(() => undefined)
  if (found?.isDirectory()) return (await readdir(folder).catch(() => ["not for us to read"])).length === 0
  return !found
}

async function checkOpen(data: string, user: User | undefined) {
  if (await reaches(user, "-w", data)) return
  throw new Error(
    `${data} is closed to uid ${user?.uid ?? process.getuid?.()}, whom PostgreSQL runs as: ${anew}.`,
  )
}

async function checkVersion({ folder, binaries: { major } }: Cluster) {
  const file = join(folder, "PG_VERSION")
  if (!existsSync(file) || !existsSync(join(folder, "global", "pg_control")))
    throw new Error(`${folder} is not a complete PostgreSQL data folder: ${anew}.`)
  const version = (await readFile(file, "utf8")).trim()
  if (version !== major)
    throw new Error(`${folder} is of PostgreSQL ${version}, and this is ${major}: ${anew}.`)
}
