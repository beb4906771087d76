import { gauge, type Reading } from "./exposition.ts"

/** The most connections that a process holds at a time. */
export type ConnectionBudget = Record<"postgres" | "redis", number>

/** How many connections this process may come to hold. */
export const connectionsLimit = (budget: ConnectionBudget) =>
  gauge(
    "esteira_connections_limit",
    "Most connections this process holds.",
    Object.entries(budget).map(([to, value]): Reading => [{ to }, value]),
  )
