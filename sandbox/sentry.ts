import { gunzipSync } from "node:zlib"
import { onLoopback } from "./loopback.ts"

/** A part of an envelope: an error (`event`), a `check_in`, … */
interface SentryItem {
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: it is looked into by tests, as far as they like
  payload: any
}

interface Envelope {
  items: SentryItem[]
  /** As it was sent. */
  text: string
}

/** What Sentry does with what comes: takes it, answers with another status, or never answers. */
type Mood = "take" | "hang" | { status: number; headers?: Record<string, string> }

/** Stands in for Sentry: takes envelopes, and keeps what was in them. */
export function startSentry() {
  const envelopes: Envelope[] = []
  let mood: Mood = "take"
  let asked = 0
  const server = Bun.serve({
    ...onLoopback,
    port: 0,
    async fetch(request) {
      if (!/^\/api\/\d+\/envelope\/$/.test(new URL(request.url).pathname))
        return new Response(null, { status: 404 })
      asked += 1
      if (mood === "hang") return await new Promise<never>(() => {})
      if (mood !== "take") return Response.json({}, mood)
      const body = Buffer.from(await request.arrayBuffer())
      const bytes = request.headers.get("content-encoding") === "gzip" ? gunzipSync(body) : body
      const envelope = parseEnvelope(bytes)
      envelopes.push(envelope)
      return Response.json({ id: envelope.items[0]?.payload?.event_id ?? "" })
    },
  })
  const itemsOf = (type: string) =>
    envelopes.flatMap(({ items }) => items.filter((item) => item.type === type).map(({ payload }) => payload))
  return {
    dsn: `http://0123456789abcdef0123456789abcdef@127.0.0.1:${server.port}/1`,
    envelopes,
    events: () => itemsOf("event"),
    checkIns: () => itemsOf("check_in"),
    /** Everything that has arrived, as it was sent. */
    text: () => envelopes.map(({ text }) => text).join("\n"),
    /** How often it was called, whatever came of it. */
    asked: () => asked,
    become(next: Mood) {
      mood = next
    },
    stop: () => server.stop(true),
  }
}

export type SentryStandIn = ReturnType<typeof startSentry>

/** An envelope is a line of JSON, then for each item a line of JSON and its payload: so many bytes, or one line. */
function parseEnvelope(bytes: Buffer): Envelope {
  const items: SentryItem[] = []
  let { end } = lineAt(bytes, 0)
  while (end < bytes.length) {
    const header = lineAt(bytes, end)
    const { type, length } = JSON.parse(header.text) as { type: string; length?: number }
    const stop = length === undefined ? lineAt(bytes, header.end).end : header.end + length
    const text = bytes.toString("utf8", header.end, stop)
    items.push({ type, payload: /^\s*[[{]/.test(text) ? JSON.parse(text) : text })
    end = bytes[stop] === 10 ? stop + 1 : stop
  }
  return { items, text: bytes.toString("utf8") }
}

function lineAt(bytes: Buffer, start: number) {
  const found = bytes.indexOf(10, start)
  const stop = found < 0 ? bytes.length : found
  return { text: bytes.toString("utf8", start, stop), end: found < 0 ? stop : stop + 1 }
}
