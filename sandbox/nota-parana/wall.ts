const DAY = 86_400_000

/** Requests of a day (UTC) that a client has before it is answered with fabrications, for the rest of the day. */
export function createWall(after: number | null, now: () => number) {
  let limit = after
  let day = 0
  const counts = new Map<string, number>()

  return {
    /** Count a request; whether this client is taken for a robot by now. */
    meets(client: string): boolean {
      const today = Math.floor(now() / DAY)
      if (today !== day) counts.clear()
      day = today
      const count = (counts.get(client) ?? 0) + 1
      counts.set(client, count)
      return limit !== null && count > limit
    },
    get after() {
      return limit
    },
    /** Move it (null: take it away), and forget who has come so far. */
    move(to: number | null) {
      limit = to
      counts.clear()
    },
  }
}

export type Wall = ReturnType<typeof createWall>
