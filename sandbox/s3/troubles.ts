import { onLoopback } from "../loopback.ts"

/** What becomes of a request on its way: it never arrives, another answer comes for it, or nothing. */
type Trouble = "hang" | Response | undefined

/** A proxy on loopback in front of an S3 server, which can keep requests from it and answer in its place. */
export function startTroubles(target: string) {
  let trouble: (method: string, query: URLSearchParams) => Trouble = () => undefined
  const passed: string[] = []
  const server = Bun.serve({
    ...onLoopback,
    port: 0,
    async fetch(request) {
      const { pathname, search, searchParams } = new URL(request.url)
      const { method, headers } = request
      const met = trouble(method, searchParams)
      passed.push(`${method} ${[...searchParams.keys()].join("&")}`.trim())
      if (met === "hang") return await new Promise<never>(() => {})
      if (met) return met
      // The signature is of the host that was asked: it goes on with the request, as all its headers do.
      const body = await request.arrayBuffer()
      return await fetch(`${target}${pathname}${search}`, {
        method,
        headers,
        ...(body.byteLength && { body }),
      })
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    /** What came by: the method and the names in the query. */
    passed,
    /** What is to become of requests from now on. */
    become(next: typeof trouble) {
      trouble = next
    },
    stop: () => server.stop(true),
  }
}
