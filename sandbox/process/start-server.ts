import { spawn } from "node:child_process"
import { appendFileSync, closeSync, openSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { freePort, portInUse } from "../ports.ts"
import { until } from "../until.ts"
import { type Ending, endProcess } from "./ending.ts"
import { guard } from "./guard.ts"
import { plainEnv, type User } from "./run.ts"

const LIMIT = 60_000
const PAUSE = 100
const passing = /address already in use|shared memory block/i

/** What it takes to start a kind of server. */
export type Plan = {
  name: string
  command: string
  args: (port: number) => string[]
  user?: User | undefined
  port: number | undefined
  log: string
  ready: (server: Server) => Promise<boolean>
  ending: Ending
  /** Of a server that must not outlive this process: what to remove should it be killed. */
  remains?: string[] | undefined
  explain?: (log: string) => string | undefined
}

/** A server in a process group of its own, which Ctrl-C in the terminal does not reach. */
export type Server = {
  port: number
  pid: number
  ended: () => boolean
  /** Resolves when it has ended, for whatever reason. */
  gone: Promise<void>
  kill: (signal: NodeJS.Signals) => void
  stop: () => Promise<void>
}

/** Starts a server and returns once it is ready; what passes by itself (a port just taken) is tried again. */
export async function startServer(plan: Plan): Promise<Server> {
  if (plan.port && (await portInUse(plan.port)))
    throw new Error(`${plan.name} cannot listen on port ${plan.port}: another program does.`)
  const deadline = Date.now() + LIMIT
  for (;;) {
    const server = await attempt(plan, deadline)
    if (server) return server
    const lines = await lastLines(plan.log)
    if (Date.now() > deadline || !passing.test(lines))
      throw new Error(
        plan.explain?.(lines) ?? `${plan.name} did not start; the end of ${plan.log}:\n${lines}`,
      )
    await Bun.sleep(PAUSE)
  }
}

async function attempt(plan: Plan, deadline: number): Promise<Server | undefined> {
  const server = launch(plan, plan.port ?? (await freePort()))
  let ready = false
  try {
    await until(async () => {
      ready = !server.ended() && (await plan.ready(server))
      return ready || server.ended()
    }, deadline - Date.now())
    return ready ? server : undefined
  } finally {
    if (!ready) await server.stop()
  }
}

function launch({ command, args, user, log, ending, remains }: Plan, port: number): Server {
  const output = openSync(log, "w", 0o600)
  const child = spawn(command, args(port), {
    ...user,
    cwd: "/",
    env: plainEnv(),
    detached: true,
    stdio: ["ignore", output, output],
  })
  closeSync(output)
  const pid = child.pid ?? 0
  let over = pid === 0
  const release = remains && !over ? guard(pid, ending.insist, remains) : undefined
  child.once("exit", () => {
    over = true
    release?.()
  })
  child.once("error", (error) => appendFileSync(log, error.message))
  const ended = () => over
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  let stopped: Promise<void> | undefined
  return {
    port,
    pid,
    ended,
    gone,
    kill: (signal) => {
      if (!over) process.kill(pid, signal)
    },
    stop: () => {
      stopped ??= endProcess(pid, ended, ending)
      return stopped
    },
  }
}

async function lastLines(log: string) {
  const lines = (await readFile(log, "utf8")).trim().split("\n")
  return lines.slice(-8).join("\n")
}
