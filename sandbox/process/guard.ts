import { spawn } from "node:child_process"

// Its input ends when we do, even by a kill.
const script = `
read -r _
kill -s "$1" "$0"
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$0" || break; sleep 0.2; done
shift
rm -rf "$@"`

/** Watches over a process that is not to outlive this process: ends it and removes its data when we are gone. */
export function guard(pid: number, signal: NodeJS.Signals, remains: string[]): () => void {
  const args = ["-c", script, `${pid}`, signal.slice("SIG".length), ...remains]
  const watch = spawn("sh", args, { cwd: "/", detached: true, stdio: ["pipe", "ignore", "ignore"] })
  watch.unref()
  return () => watch.kill("SIGKILL")
}
