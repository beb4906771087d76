import { readFile, readlink, rm } from "node:fs/promises"
import { type Ending, endProcess } from "./ending.ts"
import { run } from "./run.ts"

const onLinux = process.platform === "linux"

/** Ends the server whose pid a killed start left in a file; the pid may belong to a stranger by now, so it is asked who it is. */
export async function endLeftover(
  pidFile: string,
  isOurs: (pid: number) => Promise<boolean>,
  ending: Ending,
): Promise<void> {
  const pid = Number.parseInt(await readFile(pidFile, "utf8").catch(() => ""), 10)
  if (pid > 0) await endProcess(pid, async () => !(await isOurs(pid)), ending)
  await rm(pidFile, { force: true })
}

/** The command line of a process between two spaces; nothing between them for one that is gone, or a zombie. */
export async function commandLine(pid: number): Promise<string> {
  if (!onLinux) return ` ${(await run("ps", ["-ww", "-o", "args=", "-p", `${pid}`])).output} `
  const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
  return ` ${words.replaceAll("\0", " ").trim()} `
}

/** The folder a process of our own works in, empty for one that is gone. */
export async function workingFolder(pid: number): Promise<string> {
  if (onLinux) return readlink(`/proc/${pid}/cwd`).catch(() => "")
  const { output } = await run("lsof", ["-a", "-d", "cwd", "-Fn", "-p", `${pid}`])
  return /^n(.*)$/m.exec(output)?.[1] ?? ""
}
