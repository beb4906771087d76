import { type AddressInfo, createServer } from "node:net"

const hosts = ["127.0.0.1", "0.0.0.0", "::1", "::"]
const taken = "EADDRINUSE"

/** A port that nothing listens on, chosen by the system. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await bind(0, "127.0.0.1")
    if (typeof port === "number" && !(await portInUse(port))) return port
  }
}

/** Whether a server that wants this port, on loopback or on every address, would be refused. */
export async function portInUse(port: number): Promise<boolean> {
  for (const host of hosts) if ((await bind(port, host)) === taken) return true
  return false
}

function bind(port: number, host: string): Promise<number | string | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code))
    server.listen({ port, host, exclusive: true }, () => {
      const bound = server.address() as AddressInfo
      server.close(() => resolve(bound.port))
    })
  })
}
