import { noteRestored, presentBackups } from "../../db/backups.ts"
import { directSession, directUrl } from "../../db/pool.ts"
import { PermanentError } from "../../lib/errors.ts"
import { type Restored, restoreBackup } from "../restore/restore.ts"
import type { Run } from "../run.ts"
import { backupEnv } from "./env.ts"
import { backupStorage } from "./storage.ts"

/**
 * Restore the latest backup, or this one, into a database made for that and dropped afterwards, and note how long it took.
 * Throws when the backup cannot be restored, or is not what was backed up.
 */
export async function drill(wanted: string | undefined, run: Run): Promise<Restored> {
  const id = wanted ?? (await latestBackup())?.id
  if (id === undefined) throw new PermanentError("There is no backup that could be restored")
  const server = backupEnv().DRILL_DATABASE_URL ?? directUrl()
  const admin = directSession(server)
  // One name for each database: what a killed drill leaves, the next one drops.
  const scratch = `${new URL(server).pathname.slice(1).slice(0, 45)}_restore_drill`
  const drop = () => admin`drop database if exists ${admin(scratch)} with (force)`
  try {
    await drop()
    // Another template could have things in it that are in the way, and another order of its letters.
    await admin`create database ${admin(scratch)} template template0`
    const restored = await restoreBackup(id, {
      storage: backupStorage(),
      into: Object.assign(new URL(server), { pathname: `/${scratch}` }).href,
      signal: run.signal,
      say: (stage, message) => run.progress({ percentage: STAGES[stage], stage, message }),
    })
    await noteRestored(id, restored.seconds)
    run.progress({
      percentage: 100,
      stage: "done",
      message: `${restored.rows} rows in ${restored.seconds} s`,
    })
    return restored
  } finally {
    await drop().catch((error: Error) => run.log(`The scratch database ${scratch} stays: ${error.message}`))
    await admin.end({ timeout: 1 })
  }
}

/** One of all tables, where there is any. */
async function latestBackup() {
  const there = (await presentBackups()).filter(({ status }) => status === "completed")
  return there.find(({ tables }) => tables === null) ?? there[0]
}

const STAGES = { loading: 10, finishing: 60, comparing: 80 }
