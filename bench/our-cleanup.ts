import { closePool } from "../db/pool.ts"
import cleanup from "../worker/processors/cleanup.ts"
import { loneRun } from "./lone-run.ts"

// A cleanup of the ledger, beside whatever else goes on.
const { deleted, seconds } = await cleanup(
  { target: "logs", olderThan: 30, dryRun: false, orphans: "report" },
  loneRun(),
)
process.send!({ deleted, seconds })
await closePool()
process.exit(0)
