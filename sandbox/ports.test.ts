import { expect, test } from "bun:test"
import { createServer } from "node:net"
import { freePort, portInUse, takesConnections } from "./ports.ts"

test("finds a port that a server can have", async () => {
  const port = await freePort()
  expect(await portInUse(port)).toBe(false)
  using _server = Bun.serve({ port, fetch: () => new Response() })
  expect(await portInUse(port)).toBe(true)
})

test.each(["127.0.0.1", "0.0.0.0", "::1", "::"])("sees a server on %s, until it stops", async (host) => {
  const port = await freePort()
  const server = createServer()
  await new Promise<void>((listening) => server.listen({ port, host }, listening))
  expect(await portInUse(port)).toBe(true)
  await new Promise((closed) => server.close(closed))
  expect(await portInUse(port)).toBe(false)
})

test("knows a server that takes connections, until it stops", async () => {
  const port = await freePort()
  expect(await takesConnections(port)).toBe(false)
  const server = Bun.serve({ port, hostname: "127.0.0.1", fetch: () => new Response() })
  expect(await takesConnections(port)).toBe(true)
  await server.stop(true)
  expect(await takesConnections(port)).toBe(false)
})
