import { expect, test } from "bun:test"
import { storage } from "../../lib/storage/storage.ts"
import { storeMade } from "./store.ts"

const reason = new Error("the worker is stopping")

test("what a document is made from is let go of before the storing of it ends, though it be stopped in the middle", async () => {
  const stop = new AbortController()
  const { promise: asked, resolve: release } = Promise.withResolvers<void>()
  const heard: string[] = []
  async function* made() {
    try {
      yield new Uint8Array(2_000_000)
      stop.abort(reason)
      await asked
      heard.push("the answer of the statement under way")
      yield new Uint8Array(1)
    } finally {
      heard.push("let go")
    }
  }
  const key = `reports/1/${crypto.randomUUID()}/a.pdf`
  const storing = storeMade(storage(), key, { made: made(), signal: stop.signal })
  const ended = storing.catch((error) => heard.push(error.message))
  await new Promise(setImmediate)
  expect(heard).toEqual([])
  release()
  await ended
  expect(heard).toEqual(["the answer of the statement under way", "let go", reason.message])
  expect(await storage().head(key)).toBeUndefined()
})

test("what fails while it is made is what the storing fails with, and leaves no file", async () => {
  const key = `reports/1/${crypto.randomUUID()}/a.pdf`
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10)
    throw reason
  }
  const { signal } = new AbortController()
  expect(await storeMade(storage(), key, { made: broken(), signal }).catch((error) => error)).toBe(reason)
  expect(await storage().head(key)).toBeUndefined()
})
