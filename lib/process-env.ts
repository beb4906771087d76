import { count, defineEnv } from "./env.ts"

export const processEnv = defineEnv({
  PORT: count
    .max(65535)
    .default(3000)
    .describe("where the process serves HTTP; the worker has `/health` and `/ready` there"),
  DRAIN_SECONDS: count
    .default(25)
    .describe("time that what is under way has to end when the process is stopped"),
})
