import { z } from "zod"
import { count, defineEnv } from "../lib/env.ts"

export const startEnv = defineEnv({
  WORKER_PORT: count.max(65535).default(3001).describe("`npm start`: where the worker serves HTTP"),
  DATA_DIR: z.string().default(".data").describe("`npm start`: the folder of the stand-ins' data"),
})
