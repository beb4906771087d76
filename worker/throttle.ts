/** Calls through at most once in so many milliseconds: the first at once, then the latest of those in between. */
export function throttle<T>(interval: number, act: (value: T) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting: { value: T } | undefined

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (!waiting) return
    const { value } = waiting
    waiting = undefined
    act(value)
  }
  const open = () => {
    timer = undefined
    if (!waiting) return
    flush()
    timer = setTimeout(open, interval)
  }

  return {
    call(value: T) {
      waiting = { value }
      if (timer) return
      flush()
      timer = setTimeout(open, interval)
    },
    flush,
  }
}
