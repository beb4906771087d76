import { randomBytes } from "node:crypto"
import { chown, mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { mustRun, type User } from "../process/run.ts"
import type { Binaries } from "./binaries.ts"
import { dataAtHome, homeOf, makeHome, reaches } from "./home.ts"

/** A data folder, and what runs on it. */
export type Cluster = { folder: string; binaries: Binaries; user: User | undefined; durable: boolean }

/** The name of the database, and of its owner. */
export const owner = "esteira"

/** Makes the data beside their place and then renames them, so that what is there is complete. */
export async function createData({ folder, binaries, user, durable }: Cluster): Promise<void> {
  const near = await reaches(user, "-x", dirname(folder))
  if (!near) await makeHome(folder)
  const place = near ? folder : dataAtHome(folder)
  for (const remains of [folder, place]) await clearPlace(remains)

  const fresh = await mkdtemp(halfMade(place))
  const data = join(fresh, "data")
  const secret = join(fresh, "password")
  const password = randomBytes(24).toString("hex")
  await writeFile(secret, password, { mode: 0o600 })
  if (user) for (const path of [fresh, secret]) await chown(path, user.uid, user.gid)
  await mustRun(
    binaries.initdb,
    [
      ...settings,
      ...localeOf(binaries.major),
      `--pgdata=${data}`,
      `--pwfile=${secret}`,
      ...(durable ? [] : ["--no-sync"]),
    ],
    user,
  )

  await writeFile(passwordFile(folder), password, { mode: 0o600 })
  await rename(data, place)
  await rm(fresh, { recursive: true })
  if (!near) await symlink(place, folder)
}

/** Removes the data and all that belongs to them. */
export async function clearData(folder: string): Promise<void> {
  await clearPlace(folder)
  for (const path of pathsOf(folder)) await rm(path, { recursive: true, force: true })
}

/** All that the data of a folder consist of, wherever it is. */
export function pathsOf(folder: string): string[] {
  const paths = [folder, passwordFile(folder), logFile(folder)]
  return process.getuid?.() === 0 ? [...paths, homeOf(folder)] : paths
}

/** Where the password is kept. */
export function passwordFile(folder: string): string {
  return `${folder}.password`
}

/** Where the server's own words go. */
export function logFile(folder: string): string {
  return `${folder}.log`
}

const settings = [`--username=${owner}`, "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]

const halfMade = (place: string) => `${place}.new-`

async function clearPlace(place: string) {
  const parent = dirname(place)
  const beside = await readdir(parent).catch(() => [])
  const remains = beside.filter((name) => name.startsWith(basename(halfMade(place))))
  const paths = [place, ...remains.map((name) => join(parent, name))]
  for (const path of paths) await rm(path, { recursive: true, force: true, maxRetries: 5 })
}

/** Letters of every language, in the order of their bytes; before 17 the system has to have such a locale. */
const localeOf = (major: string) =>
  Number(major) >= 17
    ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    : ["--locale=C.UTF-8"]
