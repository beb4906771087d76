import { boot } from "../lib/boot.ts"
import { serve } from "../lib/serve.ts"
import { startApi } from "./start.ts"

await boot(() => startApi((fetch, port, hostname) => serve({ fetch, port, hostname })))
