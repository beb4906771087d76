import type { Readable } from "node:stream"
import type postgres from "postgres"

/**
 * The stream of a COPY to stdout. postgres.js hands it over too late for anybody to hear of an error that comes with its first
 * bytes, such as that of a run cancelled at this moment, and an error that nobody hears ends the process.
 */
export function copyOut(query: postgres.PendingQuery<postgres.Row[]>): Promise<Readable> {
  const inner = query as unknown as { resolve(stream: Readable): void }
  const { resolve } = inner
  inner.resolve = (stream) => {
    // At its end the query is resolved again, with no stream.
    inner.resolve = resolve
    // Whoever reads gets the error all the same.
    stream.on("error", () => undefined)
    resolve(stream)
  }
  return query.readable()
}
