import type { ToldEvent } from "./followed.ts"
import type { Ear } from "./hub.ts"

/** Bytes that may wait for a listener who does not read; then they are left, and may come back for the rest. */
const BACKLOG = 1024 * 1024

/** What is sent at once: how long to wait before coming back. */
export const BEGINNING = "retry: 2000\n\n"

/** A sign of life. */
export const BEAT = ": beat\n\n"

const encoder = new TextEncoder()

/** Why a stream is not to be had with HEAD. */
export const NOTHING_BUT_A_STREAM = "there is nothing but a stream"

/** Begin to listen; what is returned ends it. */
type Join = (ear: Ear, after: string | undefined) => () => void

/**
 * The answer to somebody who listens: server-sent events, as https://html.spec.whatwg.org/multipage/server-sent-events.html has them. It ends after so many
 * milliseconds at the most: who comes back shows again who they are.
 */
export function streamTo(
  join: Join,
  after: string | undefined,
  longest = Number.POSITIVE_INFINITY,
): Response {
  const endsAt = Date.now() + longest
  let leave = () => {}
  const body = new ReadableStream({
    type: "bytes",
    start(controller) {
      let isOpen = true
      const end = () => {
        if (!isOpen) return
        isOpen = false
        leave()
        controller.close()
      }
      const write = (text: string) => {
        if (!isOpen) return
        controller.enqueue(encoder.encode(text))
        if ((controller.desiredSize ?? 0) < -BACKLOG) end()
      }
      const ear: Ear = {
        tell: (event) => write(asText(event)),
        beat: () => (Date.now() < endsAt ? write(BEAT) : end()),
        end,
      }
      write(BEGINNING)
      const left = join(ear, after)
      leave = left
      // It may have ended while it was joined.
      if (!isOpen) left()
    },
    cancel: () => leave(),
  })
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  })
}

/** An event as it is sent. */
export const asText = ({ event, data, id }: ToldEvent) =>
  `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
