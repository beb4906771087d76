import { createTransport, type makeFetchTransport } from "@sentry/bun"
import { createLog } from "../log.ts"
import { scrub } from "../scrub.ts"

type Options = Parameters<typeof makeFetchTransport>[0]
type Transport = ReturnType<typeof makeFetchTransport>
type Envelope = Parameters<Transport["send"]>[0]

/** Milliseconds that Sentry has to take an envelope. */
const PATIENCE = 10_000

/** Sends envelopes, each with all its texts redacted; says once when Sentry does not take them, and once when it does again. */
export function createScrubbingTransport(options: Options): Transport {
  const heard = createHearing()
  const transport = createTransport(options, async ({ body }) => {
    try {
      const response = await fetch(options.url, {
        method: "POST",
        headers: options.headers ?? {},
        body: body as BodyInit,
        signal: AbortSignal.timeout(PATIENCE),
      })
      await response.body?.cancel()
      heard(response.ok ? undefined : `it answers ${response.status}`)
      return {
        statusCode: response.status,
        headers: {
          "x-sentry-rate-limits": response.headers.get("x-sentry-rate-limits"),
          "retry-after": response.headers.get("retry-after"),
        },
      }
    } catch (error) {
      heard((error as Error).message)
      throw error
    }
  })
  return { ...transport, send: (envelope) => transport.send(withoutSecrets(envelope)) }
}

/** The headers of an envelope have the project's own key and no text of ours. */
const withoutSecrets = ([headers, items]: Envelope) =>
  [headers, items.map(([header, payload]) => [header, scrub(payload)])] as unknown as Envelope

function createHearing() {
  const log = createLog("Sentry")
  let deaf = false
  return (trouble: string | undefined) => {
    if (trouble && !deaf) log.warn("Sentry does not take reports", { reason: trouble })
    if (!trouble && deaf) log.info("Sentry takes reports again")
    deaf = trouble !== undefined
  }
}
