import { boot } from "../lib/boot.ts"
import { startApi } from "./start.ts"

// Without reusePort: false a second process would share the port unnoticed in production.
await boot(() =>
  startApi((fetch, port, hostname) =>
    Bun.serve({ fetch, port, hostname, reusePort: false, idleTimeout: 30 }),
  ),
)
