/**
 * One piece of work for all items that come while the one before is under way: who gives an item waits for the work that has
 * it, and hears why that failed. At most so many items go into one.
 */
export function gather<Item>(work: (items: Item[]) => Promise<unknown>, most: number) {
  let waiting: { item: Item; done: () => void; failed: (error: unknown) => void }[] = []
  let isBusy = false

  const next = async () => {
    isBusy = true
    while (waiting.length > 0) {
      const taken = waiting.slice(0, most)
      waiting = waiting.slice(most)
      try {
        await work(taken.map(({ item }) => item))
        for (const { done } of taken) done()
      } catch (error) {
        for (const { failed } of taken) failed(error)
      }
    }
    isBusy = false
  }
  return (item: Item): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, done: resolve, failed: reject })
      if (!isBusy) void next()
    })
}
