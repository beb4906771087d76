import { join } from "node:path"

const root = join(import.meta.dir, "..")

/** A file of the benchmark as a process of its own. What it logs goes nowhere; what it has to say it sends. */
export function child<Message>(file: string, env: Record<string, string>, args: string[] = []) {
  const said: Message[] = []
  const waiting: ((message: Message) => void)[] = []
  const started = Bun.spawn([process.execPath, join("bench", file), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: Bun.file("/dev/null"),
    stderr: "inherit",
    ipc(message: Message) {
      const next = waiting.shift()
      if (next) next(message)
      else said.push(message)
    },
  })
  const ended = started.exited.then((code): never => {
    throw new Error(`${file} has ended with ${started.signalCode ?? code}`)
  })
  ended.catch(() => undefined)
  const next = () =>
    Promise.race([
      ended,
      said.length
        ? Promise.resolve(said.shift() as Message)
        : new Promise<Message>((resolve) => waiting.push(resolve)),
    ])
  return {
    /** The next thing it says. */
    next,
    /** Say something to it, and hear what it says next. */
    ask(question: unknown) {
      started.send(question)
      return next()
    },
    /** Resolves once it has ended by itself. */
    over: () => started.exited,
    async stop(signal: NodeJS.Signals = "SIGTERM") {
      started.kill(signal)
      await started.exited
    },
  }
}
