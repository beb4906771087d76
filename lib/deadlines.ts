/**
 * Tells `late` of what has been among `items` for so many milliseconds. All may be there as long, so one timer does, set for
 * the oldest: they come oldest first, each with the time of `performance.now()` it began at.
 */
export function createDeadlines<Item extends { startedAt: number }>(
  items: Iterable<Item>,
  milliseconds: number,
  late: (item: Item) => void,
) {
  let timer: ReturnType<typeof setTimeout> | undefined

  const look = () => {
    timer = undefined
    for (const item of items) {
      const left = item.startedAt + milliseconds - performance.now()
      if (left > 0) {
        timer = setTimeout(look, left)
        return
      }
      late(item)
    }
  }
  return {
    /** Something was added. */
    watch() {
      if (timer === undefined) timer = setTimeout(look, milliseconds)
    },
    stop: () => clearTimeout(timer),
  }
}
