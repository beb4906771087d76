import { tracingChannel } from "node:diagnostics_channel"

const { prototype } = tracingChannel("esteira").constructor as { prototype: object }

/**
 * Whether anybody listens to what ioredis tells of its commands (https://nodejs.org/api/diagnostics_channel.html#tracingchannelhassubscribers).
 * Bun's channels do not say so; ioredis takes that for yes, and then makes a text of each argument of each command for nobody.
 */
if (!("hasSubscribers" in prototype))
  Object.defineProperty(prototype, "hasSubscribers", {
    configurable: true,
    get(this: Record<(typeof STAGES)[number], { hasSubscribers: boolean }>) {
      return STAGES.some((stage) => this[stage].hasSubscribers)
    },
  })

const STAGES = ["start", "end", "asyncStart", "asyncEnd", "error"] as const
