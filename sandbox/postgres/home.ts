import { createHash } from "node:crypto"
import { chmod, mkdir, readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { run, type User } from "../process/run.ts"

const base = "/var/lib/esteira"
const names = ["postgres", "nobody"]

/**
 * Whom PostgreSQL runs as when we are root, which it refuses to be: the owner of its data, else a user the machine
 * has anyway. Nobody else when we are not root.
 */
export async function serverUser(folder: string): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return
  const owner = await stat(folder).catch(() => undefined)
  if (owner?.uid) return { uid: owner.uid, gid: owner.gid }
  const users = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"))
  const user = names.map((name) => users.find(([known]) => known === name)).find(Boolean)
  if (user) return { uid: Number(user[2]), gid: Number(user[3]) }
  throw new Error("PostgreSQL does not run as root and there is no other user: add one, or set DATABASE_URL.")
}

/** Whether that user, or we ourselves, can write to a folder (`-w`) or pass through it (`-x`). */
export async function reaches(user: User | undefined, how: "-w" | "-x", folder: string): Promise<boolean> {
  return (await run("test", [how, folder], user)).ok
}

/** Where the server finds what it cannot reach in its own place, such as a clone below /root. */
export function homeOf(folder: string): string {
  return join(base, createHash("sha256").update(folder).digest("hex").slice(0, 16))
}

/** Makes that place, open to the server's user whatever the umask. */
export async function makeHome(folder: string): Promise<string> {
  const home = homeOf(folder)
  await mkdir(home, { recursive: true })
  for (const path of [base, home]) await chmod(path, 0o755)
  return home
}

/** Where the data are when they are not in their own folder. */
export function dataAtHome(folder: string): string {
  return join(homeOf(folder), "data")
}

/** Whether these data are at the home of another folder, as those of a copied clone's link. */
export function isOfAnother(data: string, folder: string): boolean {
  return data.startsWith(`${base}/`) && data !== dataAtHome(folder)
}
