import { createDeadlines } from "./deadlines.ts"

/**
 * Waits for work, each time for as many milliseconds at most; then a TimeoutError that says what it is. Like `within`, for
 * what is asked thousands of times a second.
 */
export function createPatience(milliseconds: number, what: string) {
  const waiting = new Set<{ startedAt: number; late: (error: DOMException) => void }>()
  const deadlines = createDeadlines(waiting, milliseconds, (one) => {
    waiting.delete(one)
    one.late(new DOMException(`${what} took more than ${milliseconds} ms`, "TimeoutError"))
  })
  return <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const one = { startedAt: performance.now(), late: reject }
      waiting.add(one)
      deadlines.watch()
      work.then(
        (value) => {
          waiting.delete(one)
          resolve(value)
        },
        (error) => {
          waiting.delete(one)
          reject(error)
        },
      )
    })
}
