/** A request as it came, and what came of it. */
export interface Asked {
  /** Milliseconds since 1970. */
  at: number
  path: string
  query: Record<string, string>
  userAgent: string
  /** Where it came from: the address, or what `X-Forwarded-For` says. */
  client: string
  /** Requests under way when it came, itself included. */
  atOnce: number
  /** What it was answered with: `rows`, `nothing`, `wall`, or the failure it met. */
  answer: string
  /** Null while it has not been answered. */
  status: number | null
}

export type Answer = (request: Request, asked: Asked) => Response | Promise<Response>

/** Every request that came, oldest first; each answer takes `latency` milliseconds. */
export function createRequests(latency: number, now: () => number) {
  const list: Asked[] = []
  let underWay = 0

  const note = ({ url, headers }: Request, address: string): Asked => {
    const { pathname, searchParams } = new URL(url)
    const asked = {
      at: now(),
      path: pathname,
      query: Object.fromEntries(searchParams),
      userAgent: headers.get("user-agent") ?? "",
      client: headers.get("x-forwarded-for") ?? address,
      atOnce: underWay,
      answer: "nothing",
      status: null,
    }
    list.push(asked)
    return asked
  }

  return {
    list,
    /** A route that notes its requests. */
    noted: (answer: Answer) => async (request: Request, server: Bun.Server<undefined>) => {
      underWay += 1
      const asked = note(request, server.requestIP(request)?.address ?? "")
      try {
        if (latency) await Bun.sleep(latency)
        const response = await answer(request, asked)
        // Any page may ask it.
        response.headers.set("access-control-allow-origin", "*")
        asked.status = response.status
        return response
      } finally {
        underWay -= 1
      }
    },
    forget: () => void list.splice(0),
  }
}

export type Requests = ReturnType<typeof createRequests>
