/** Where a text with a NUL character stands, which PostgreSQL takes nowhere. */
export function pathToNul(value: unknown, path: string[] = []): string | undefined {
  if (typeof value === "string") return value.includes("\0") ? path.join(".") : undefined
  if (typeof value !== "object" || value === null) return undefined
  for (const [key, item] of Object.entries(value)) {
    const found = key.includes("\0") ? path.join(".") : pathToNul(item, [...path, key])
    if (found !== undefined) return found
  }
  return undefined
}
