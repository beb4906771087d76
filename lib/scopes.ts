/** What a caller may be let do: ask for runs, look, control what runs, and everything. */
export const scopes = ["enqueue", "read", "operate", "admin"] as const
export type Scope = (typeof scopes)[number]
