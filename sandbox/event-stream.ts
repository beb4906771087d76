import { until } from "./until.ts"

/** What a server-sent event says. */
interface SentEvent {
  event: string
  data: unknown
  id: string | undefined
}

/** Listen to server-sent events as a browser does, once. */
export async function openEvents(url: string, headers: Record<string, string>) {
  const stopping = new AbortController()
  const response = await fetch(url, { headers, signal: stopping.signal })
  const events: SentEvent[] = []
  const state = { comments: 0, isOver: false }

  const read = async () => {
    let held = ""
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      const blocks = (held + decoder.decode(chunk, { stream: true })).split("\n\n")
      held = blocks.pop()!
      for (const block of blocks) take(block)
    }
  }
  const take = (block: string) => {
    if (block.startsWith(":")) state.comments++
    const fields = new Map(
      block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
    )
    const event = fields.get("event")
    if (event !== undefined)
      events.push({ event, data: JSON.parse(fields.get("data")!), id: fields.get("id") })
  }
  const reading = (response.status === 200 ? read() : Promise.resolve())
    .catch(() => "cut off")
    .finally(() => {
      state.isOver = true
    })
  return {
    status: response.status,
    headers: response.headers,
    events,
    state,
    of: (event: string) => events.filter((one) => one.event === event),
    hears: (event: string, milliseconds = 10_000) =>
      until(() => events.some((one) => one.event === event), milliseconds),
    isOver: (milliseconds = 10_000) => until(() => state.isOver, milliseconds),
    async leave() {
      stopping.abort()
      await reading
    },
  }
}
