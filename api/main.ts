import { boot } from "../lib/boot.ts"
import { serve } from "../lib/serve.ts"
import { startApi } from "./start.ts"

await boot(() =>
  startApi((fetch, port, hostname) => {
    const server = serve({ fetch, port, hostname })
    return { stop: () => server.stop(), peer: (request) => server.requestIP(request)?.address }
  }),
)
