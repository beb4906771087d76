import { setTimeout } from "node:timers"

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

  // What is waited for keeps the process alive, not the wait.
  const wait = (left: number) => {
    timer = setTimeout(look, left).unref()
  }
  const look = () => {
    timer = undefined
    for (const item of items) {
      const left = item.startedAt + milliseconds - performance.now()
      if (left > 0) {
        wait(left)
        return
      }
      late(item)
    }
  }
  return {
    /** Something was added. */
    watch() {
      if (timer === undefined) wait(milliseconds)
    },
    stop: () => clearTimeout(timer),
  }
}
