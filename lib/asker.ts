/** Who asked for a run, kept with its options in Redis: as the audit log names them, and null of whoever did not ask the API. */
export function askerOf(options: unknown): string | null {
  const { askedBy } = (options ?? {}) as { askedBy?: unknown }
  return typeof askedBy === "string" ? askedBy : null
}
