import { connect, createServer, type Socket } from "node:net"

/**
 * A proxy on loopback in front of a port, which can fall silent: what is sent is then dropped, and
 * nobody hears of it. With a `speed`, in bytes a second, it is a slow line.
 */
export async function startProxy(target: number, { speed }: { speed?: number } = {}) {
  const pairs = new Set<[Socket, Socket]>()
  let silent: (index: number) => boolean = () => false
  let accepted = 0

  const server = createServer((near) => {
    const index = accepted++
    const far = connect(target, "127.0.0.1")
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    const relay = (from: Socket, to: Socket) => {
      from.on("data", (chunk) => {
        if (silent(index)) return
        to.write(chunk)
        if (speed === undefined) return
        from.pause()
        setTimeout(() => from.resume(), (chunk.length / speed) * 1_000)
      })
      from.on("end", () => silent(index) || to.end())
      from.on("error", () => to.destroy())
      from.on("close", () => {
        pairs.delete(pair)
        if (!silent(index)) to.destroy()
      })
    }
    relay(near, far)
    relay(far, near)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    port: (server.address() as { port: number }).port,
    /** How many connections have come through it so far. */
    accepted: () => accepted,
    /** Drop all that goes over the connections made so far; new ones work. */
    silence() {
      const before = accepted
      silent = (index) => index < before
    },
    async stop() {
      for (const [near, far] of pairs) {
        near.destroy()
        far.destroy()
      }
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
