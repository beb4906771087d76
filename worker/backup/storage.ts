import { isDatabaseAway } from "../../db/errors.ts"
import * as stored from "../../lib/storage/storage.ts"
import type { Content, Storage } from "../../lib/storage/types.ts"

/** Nobody answers where files are kept. Without the code of a network: it would be taken for an outage of PostgreSQL, which burns no try. */
class StorageAway extends Error {
  override name = "StorageAway"
}

/** Where backups are kept. */
export const backupStorage = () => named(stored.backupStorage(), "The storage of backups")

/** Where other files are kept. */
export const fileStorage = () => named(stored.filesStorage(), "The storage")

/** A storage whose outages say that they are its own. */
function named(storage: Storage, name: string): Storage {
  const own = (error: unknown): never => {
    throw isDatabaseAway(error)
      ? new StorageAway(`${name} does not answer: ${(error as Error).message}`, { cause: error })
      : error
  }
  return {
    ...storage,
    async put(key, content, options) {
      const source = watched(content)
      // What the content itself failed with is not the storage's.
      return await storage
        .put(key, source.content, options)
        .catch((error) => (error === source.failure() ? Promise.reject(error) : own(error)))
    },
    async get(key, options) {
      const content = await storage.get(key, options).catch(own)
      const reader = content?.getReader()
      return (
        reader &&
        new ReadableStream({
          async pull(controller) {
            const { done, value } = await reader.read().catch(own)
            if (done) controller.close()
            else controller.enqueue(value)
          },
          cancel: (reason) => reader.cancel(reason),
        })
      )
    },
    head: (key, options) => storage.head(key, options).catch(own),
    delete: (key, options) => storage.delete(key, options).catch(own),
    async *list(folder, options) {
      try {
        yield* storage.list(folder, options)
      } catch (error) {
        own(error)
      }
    },
  }
}

function watched(content: Content) {
  let failure: unknown
  if (content instanceof Uint8Array) return { content, failure: () => undefined }
  async function* watching(source: AsyncIterable<Uint8Array>) {
    try {
      yield* source
    } catch (error) {
      failure = error
      throw error
    }
  }
  return { content: watching(content), failure: () => failure }
}
