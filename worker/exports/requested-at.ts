/** When a run was asked for: its id says so (UUIDv7, RFC 9562). A run of a schedule has another id, and is asked for now. */
export function requestedAt(runId: string): Date {
  const hex = runId.replaceAll("-", "")
  const isTimed = /^[\da-f]{12}7[\da-f]{19}$/i.test(hex)
  return isTimed ? new Date(Number.parseInt(hex.slice(0, 12), 16)) : new Date()
}
