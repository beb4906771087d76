import { type AddressInfo, connect, createServer } from "node:net"

const hosts = ["127.0.0.1", "0.0.0.0", "::1", "::"]
const taken = "EADDRINUSE"

// Below the range from which the system takes ports for outgoing connections: what is free stays free for a while.
const LOWEST = 10_000
const HIGHEST = 32_000

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (!(await portInUse(port))) return port
  }
}

/** Whether a server that wants this port, on loopback or on every address, would be refused. */
export async function portInUse(port: number): Promise<boolean> {
  for (const host of hosts) if ((await bind(port, host)) === taken) return true
  return false
}

/** Whether a server on loopback takes connections at this port. To ask does not take the port from who is about to have it. */
export function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1")
  const answered = new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true))
    socket.once("error", () => resolve(false))
  })
  return answered.finally(() => socket.destroy())
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
