interface Waiting {
  since: number
  late: (error: DOMException) => void
}

/**
 * Waits for work, each time for as many milliseconds at most; then a TimeoutError that says what it is. Like `within`, for
 * what is asked thousands of times a second: as all may take as long, one timer does, set for the oldest.
 */
export function createPatience(milliseconds: number, what: string) {
  const waiting = new Set<Waiting>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const look = () => {
    timer = undefined
    for (const one of waiting) {
      const left = one.since + milliseconds - performance.now()
      if (left > 0) {
        timer = setTimeout(look, left)
        return
      }
      waiting.delete(one)
      one.late(new DOMException(`${what} took more than ${milliseconds} ms`, "TimeoutError"))
    }
  }
  return <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const one = { since: performance.now(), late: reject }
      waiting.add(one)
      timer ??= setTimeout(look, milliseconds)
      const done = () => waiting.delete(one)
      work.then(
        (value) => {
          done()
          resolve(value)
        },
        (error) => {
          done()
          reject(error)
        },
      )
    })
}
