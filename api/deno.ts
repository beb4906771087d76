import { boot } from "../lib/boot.ts"
import { startApi } from "./start.ts"

/** The part of Deno's server that is used. */
declare const Deno: {
  serve(
    options: { port: number; hostname: string; onListen(): void },
    fetch: (request: Request) => Response | Promise<Response>,
  ): { shutdown(): Promise<void> }
}

await boot(() =>
  startApi((fetch, port, hostname) => {
    const server = Deno.serve({ port, hostname, onListen() {} }, fetch)
    return { stop: () => server.shutdown() }
  }),
)
