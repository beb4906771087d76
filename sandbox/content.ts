const PIECE = 65_536

/** So many bytes that no compression makes fewer. */
export function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(size)
  for (let at = 0; at < size; at += PIECE) crypto.getRandomValues(made.subarray(at, at + PIECE))
  return made
}

/** Bytes as a source might give them. */
export async function* inPieces(whole: Uint8Array, size = PIECE) {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size)
}

/** A source that gives so many bytes and then fails; `ended` tells whether it was let go of. */
export function failingAfter(size: number) {
  const state = { ended: false, source: undefined as unknown as AsyncGenerator<Uint8Array> }
  state.source = (async function* () {
    try {
      yield* inPieces(new Uint8Array(size))
      throw new Error("the source has failed")
    } finally {
      state.ended = true
    }
  })()
  return state
}

/** A source that gives so many bytes and then nothing any more; `met` resolves when it is waited for in vain. */
export function hangingAfter(size: number) {
  const { promise: met, resolve: meet } = Promise.withResolvers<void>()
  const source = (async function* () {
    yield* inPieces(new Uint8Array(size))
    meet()
    await new Promise<never>(() => {})
  })()
  return { source: source as AsyncGenerator<Uint8Array>, met }
}
