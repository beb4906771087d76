import { run } from "./run.ts"

/** A process and all that it has started, directly and through others. */
export async function descendants(pid: number): Promise<number[]> {
  const { output } = await run("ps", ["-A", "-o", "pid=,ppid="])
  const pairs = output.split("\n").map((line) => line.trim().split(/\s+/).map(Number))
  const family = [pid]
  for (const parent of family) {
    for (const [child, of] of pairs) if (of === parent) family.push(child!)
  }
  return family
}

/** Whether a process is still there; one that nobody has asked for its exit code is not. */
export async function isAlive(pid: number): Promise<boolean> {
  const { output } = await run("ps", ["-o", "stat=", "-p", `${pid}`])
  return output !== "" && !output.startsWith("Z")
}
