import { addToAuditLog } from "../db/audit-log.ts"
import { quantile } from "./measure.ts"

// Writes to the audit log for some seconds, so many entries at a time, and says how many there were and how long they took.
const [callers, seconds] = process.argv.slice(2).map(Number)

const until = performance.now() + seconds! * 1_000
const took: number[] = []

async function write() {
  while (performance.now() < until) {
    const began = performance.now()
    await addToAuditLog({
      phase: "done",
      actor: "key:3 (shop)",
      keyId: 3,
      address: "192.0.2.1",
      requestId: crypto.randomUUID(),
      action: "run.cancel",
      target: "/api/jobs/email/01a2074a-3892-75b0-bb74-6e2468262e26/cancel",
      status: 200,
      after: { status: "cancelled" },
    })
    took.push(performance.now() - began)
  }
}

await Promise.all(Array.from({ length: callers! }, write))
process.send!({ entries: took.length, p95: quantile(took, 0.95) })
process.exit(0)
