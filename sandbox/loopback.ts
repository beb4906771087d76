/** How what stands in for a service is served: to this machine alone, for as long as an answer takes, and on a port of its own. */
export const onLoopback = {
  hostname: "127.0.0.1",
  development: false,
  // With development: false, Bun by default shares a taken port instead of saying that it is taken.
  reusePort: false,
  idleTimeout: 0,
} as const
