import { ConfigurationError } from "./errors.ts"

/**
 * Start a server on every address of the machine: IPv6 and IPv4 together, or IPv4 alone where there is no IPv6.
 * A port that cannot be had is a ConfigurationError with the sentence to show.
 */
export function listen<Server>(port: number, serve: (hostname: string) => Server): Server {
  try {
    return serve("::")
  } catch (error) {
    if (codeOf(error) in REFUSED) throw refused(port, error)
  }
  try {
    return serve("0.0.0.0")
  } catch (error) {
    throw codeOf(error) in REFUSED ? refused(port, error) : error
  }
}

const REFUSED: Record<string, string> = {
  EADDRINUSE: "is in use; stop what uses it, or set PORT to another",
  EACCES: "may not be used by this user; set PORT to one above 1023",
}

/** Deno names the reason where Bun has a code. */
const CODES: Record<string, string> = { AddrInUse: "EADDRINUSE", PermissionDenied: "EACCES" }

const codeOf = (error: unknown) =>
  String((error as { code?: string }).code ?? CODES[(error as Error).name] ?? "")

const refused = (port: number, error: unknown) =>
  new ConfigurationError(`port ${port} ${REFUSED[codeOf(error)]}`)
