import { createLog } from "../../lib/log.ts"
import { reportError } from "../../lib/sentry/report.ts"

/** Milliseconds until it is told again. */
const QUIET = 600_000

const told = new Map<string, number>()

/** Tell operators of what keeps pushes from all devices of a service, which only they can put right; of each service now and then. */
export function alarm(service: string, reason: string) {
  if ((told.get(service) ?? 0) > Date.now()) return
  told.set(service, Date.now() + QUIET)
  const sentence = `${service} does not take pushes from here: ${reason}`
  createLog("Push").error(sentence)
  reportError(new Error(sentence), () => ({ tags: { part: "push" }, fingerprint: ["push refused", service] }))
}
