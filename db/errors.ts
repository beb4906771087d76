import { codeOf, NETWORK_CODES } from "../lib/network.ts"

/** What tells that PostgreSQL is away or about to be: of the connection, of the client, and SQLSTATEs of the server. */
const AWAY = new Set([
  ...NETWORK_CODES,
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "53300", // too_many_connections
])

/** Whether a query failed because PostgreSQL was not there to run it, and not for anything it said. */
export const isDatabaseAway = (error: unknown) => error instanceof Error && AWAY.has(codeOf(error))

/** Whether a query failed because PostgreSQL does not know a time zone (SQLSTATE 22023) that others may. */
export const isUnknownZone = (error: unknown) => error instanceof Error && codeOf(error) === "22023"
