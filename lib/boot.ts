import { ConfigurationError } from "./errors.ts"

/** Run what a process is for; when it cannot start, say why and exit with 1. */
export async function boot(main: () => Promise<void>) {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof ConfigurationError ? error.message : error)
    process.exit(1)
  }
}
