const page = (status: number, headers: Record<string, string> = {}) =>
  new Response("<html>A gateway's page</html>", {
    status,
    headers: { "content-type": "text/html", ...headers },
  })

/** What stands between callers and the API, and fails as the first part of the path says. */
export function startGateway(api: string) {
  const times = new Map<string, number>()
  /** How often this was asked before. */
  const before = (key: string) => {
    const time = times.get(key) ?? 0
    times.set(key, time + 1)
    return time
  }
  const pass = (request: Request, path: string) =>
    fetch(`${api}${path}`, {
      method: request.method,
      headers: request.headers,
      ...(request.method !== "GET" && { body: request.body }),
    })

  const failings: Record<string, (request: Request, path: string) => Response | Promise<Response>> = {
    async "loses-the-first-answer"(request, path) {
      const answer = await pass(request, path)
      return before(request.headers.get("idempotency-key") ?? path) === 0 ? page(502) : answer
    },
    "busy-for-a-second": (request, path) =>
      before(request.headers.get("idempotency-key") ?? path) === 0
        ? page(429, { "retry-after": "1" })
        : pass(request, path),
    "busy-for-a-minute": () => page(429, { "retry-after": "60" }),
    "down-for-five": (request, path) => {
      const [, run = "", rest = ""] = /^\/([^/]+)(\/.*)$/.exec(path) ?? []
      return before(run) < 5 ? page(503) : pass(request, rest)
    },
    down: () => page(503),
    silent: () => new Promise<Response>(() => {}),
    page: () => page(200),
    moved: () => page(302, { location: "https://elsewhere.example/" }),
  }
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    fetch(request) {
      const { pathname, search } = new URL(request.url)
      const [, failing = "", path = ""] = /^\/([^/]+)(.*)$/.exec(pathname) ?? []
      return failings[failing]?.(request, path + search) ?? page(404)
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) }
}
