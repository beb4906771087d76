import { boot } from "../lib/boot.ts"
import { startApi } from "./start.ts"

await boot(() => startApi((fetch, port, hostname) => Bun.serve({ fetch, port, hostname, idleTimeout: 30 })))
