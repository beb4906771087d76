import type { ToldEvent } from "../events/followed.ts"
import { asText, BEAT, BEGINNING } from "../events/stream.ts"

/** Server-sent events as they come: these, and a sign of life before the last of them. */
export const stream = (events: ToldEvent[] | (() => ToldEvent[])) => ({
  "text/event-stream": {
    schema: { type: "string" as const },
    get example() {
      const texts = (typeof events === "function" ? events() : events).map(asText)
      return [BEGINNING, ...texts.slice(0, -1), BEAT, ...texts.slice(-1)].join("")
    },
  },
})
