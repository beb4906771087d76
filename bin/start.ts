import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { boot } from "../lib/boot.ts"
import { ConfigurationError } from "../lib/errors.ts"
import { isProduction } from "../lib/log.ts"
import { processEnv } from "../lib/process-env.ts"
import { portInUse } from "../sandbox/ports.ts"
import { createEnding } from "./ending.ts"
import { startEnv } from "./env.ts"
import { say } from "./output.ts"
import { startProcess } from "./processes.ts"

/**
 * Bring the whole system up in one terminal. What the environment does not name is stood in for, unless this is production.
 * A signal ends all of it in order; so does a part that ends by itself.
 */
await boot(async () => {
  const began = performance.now()
  const { reset } = readArguments()
  const env = { ...processEnv(), ...startEnv() }
  const ending = createEnding()
  try {
    const standIns = isProduction() ? undefined : await claimStandIns(resolve(env.DATA_DIR), reset, ending)
    if (env.PORT === env.WORKER_PORT)
      throw new ConfigurationError("PORT and WORKER_PORT are the same; set one to another")
    await checkPort("PORT", env.PORT)
    await checkPort("WORKER_PORT", env.WORKER_PORT)
    const given = { ...process.env, ...(await standIns?.start(env.PORT)) }

    const api = startProcess("api", { ...given, PORT: String(env.PORT) })
    const worker = startProcess("worker", { ...given, PORT: String(env.WORKER_PORT) })
    ending.add(() => Promise.all([api.stop(), worker.stop()]))
    await standIns?.remember([api, worker])
    for (const { name, ended } of [api, worker])
      void ended.then((how) => ending.begin(1, `The ${name} has ended (${how})`))

    await Promise.all([api.ready(env.PORT), worker.ready(env.WORKER_PORT)])
    say("start", `Ready in ${((performance.now() - began) / 1_000).toFixed(1)} s; Ctrl-C stops everything`)
    if (standIns) console.log(standIns.welcome())
  } catch (error) {
    await ending.begin(1, error instanceof ConfigurationError ? error.message : Bun.inspect(error))
  }
})

/** Loaded only here: an installation for production has no stand-ins. */
async function claimStandIns(dataDir: string, reset: boolean, ending: ReturnType<typeof createEnding>) {
  const { claimData } = await import("../sandbox/data-folder.ts")
  const { createStandIns } = await import("../sandbox/stand-ins.ts")
  await claimData(dataDir, reset, ending.add)
  return createStandIns(dataDir, ending)
}

async function checkPort(name: string, port: number) {
  if (await portInUse(port)) {
    throw new ConfigurationError(`port ${port} is in use; stop what uses it, or set ${name} to another`)
  }
}

function readArguments() {
  try {
    return parseArgs({ options: { reset: { type: "boolean", default: false } } }).values
  } catch (error) {
    throw new ConfigurationError(
      `${(error as Error).message.split(/[.'] /)[0]}; the only option is --reset, which deletes the data first`,
    )
  }
}
