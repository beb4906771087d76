import type { Aged } from "./aged.ts"

/** What the ledger is made of, in the order in which it goes: what is old of it goes with LEDGER_DAYS, and none of it earlier. */
export const ledgerTables = [
  { table: "runs", since: "finished_at", target: "logs" },
  { table: "run_events", since: "at", target: "logs" },
  { table: "effects", since: "created_at", target: "logs" },
  { table: "idempotency_keys", since: "created_at", target: "logs" },
  { table: "outbox", since: "relayed_at", target: "logs" },
  { table: "webhook_deliveries", since: "ended_at", target: "logs" },
  { table: "bulk_runs", since: "created_at", target: "logs" },
  { table: "bulk_operations", since: "ended_at", target: "logs" },
  { table: "schedules", since: "removed_at", target: "logs" },
] as const satisfies Aged[]
