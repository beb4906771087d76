/**
 * Do something with each item, in order, so many at a time. Once one has failed no other is begun, those under way are told by
 * their signal, and when all have ended the error is thrown.
 */
export async function inLanes<Item>(
  items: readonly Item[],
  { lanes, signal }: { lanes: number; signal: AbortSignal },
  act: (item: Item, signal: AbortSignal) => Promise<void>,
) {
  const broken = new AbortController()
  const stopped = AbortSignal.any([signal, broken.signal])
  const queue = items.values()

  async function lane() {
    try {
      for (const item of queue) {
        stopped.throwIfAborted()
        await act(item, stopped)
      }
    } catch (error) {
      broken.abort(error)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  stopped.throwIfAborted()
}
