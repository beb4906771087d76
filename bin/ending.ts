import { say } from "./output.ts"

/** What has to be ended, and the one way to end it: last begun, first ended. A signal ends all. */
export function createEnding() {
  const steps: (() => Promise<unknown>)[] = []
  let begun: Promise<never> | undefined

  const begin = (code: number, why: string) => {
    begun ??= end(code, why)
    return begun
  }
  const end = async (code: number, why: string): Promise<never> => {
    say("start", why)
    let failed = false
    for (const step of steps.reverse()) {
      await step().catch((error) => {
        failed = true
        say("start", `Could not stop cleanly: ${error.message}`)
      })
    }
    if (!failed) say("start", "Stopped")
    process.exit(failed ? 1 : code)
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => void begin(0, "Stopping"))

  return { add: (step: () => Promise<unknown>) => void steps.push(step), begin }
}
