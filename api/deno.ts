import { boot } from "../lib/boot.ts"
import { startApi } from "./start.ts"

/** The part of Deno's server that is used. */
declare const Deno: {
  serve(
    options: { port: number; hostname: string; onListen(): void },
    fetch: (request: Request, info: { remoteAddr: { hostname?: string } }) => Response | Promise<Response>,
  ): { shutdown(): Promise<void> }
}

await boot(() =>
  startApi((fetch, port, hostname) => {
    const peers = new WeakMap<Request, string | undefined>()
    const server = Deno.serve({ port, hostname, onListen() {} }, (request, { remoteAddr }) => {
      peers.set(request, remoteAddr.hostname)
      return fetch(request)
    })
    return { stop: () => server.shutdown(), peer: (request) => peers.get(request) }
  }),
)
