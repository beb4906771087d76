import { ConfigurationError } from "./errors.ts"

/**
 * Start a server on every address of the machine: IPv6 and IPv4 together, or IPv4 alone where there is no IPv6.
 * A port in use is a ConfigurationError with the sentence to show.
 */
export function listen<Server>(port: number, serve: (hostname: string) => Server): Server {
  try {
    return serve("::")
  } catch (error) {
    if (isInUse(error)) throw portInUse(port)
  }
  try {
    return serve("0.0.0.0")
  } catch (error) {
    throw isInUse(error) ? portInUse(port) : error
  }
}

const isInUse = (error: unknown) =>
  (error as { code?: string }).code === "EADDRINUSE" || (error as Error).name === "AddrInUse"

const portInUse = (port: number) =>
  new ConfigurationError(`port ${port} is in use; stop what uses it, or set PORT to another`)
