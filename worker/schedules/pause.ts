/** Wait for so many milliseconds; returns false, and at once, when the signal is aborted. Keeps no process alive. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener("abort", end)
      resolve(!signal?.aborted)
    }
    const timer = setTimeout(end, milliseconds)
    timer.unref()
    if (signal?.aborted) end()
    else signal?.addEventListener("abort", end)
  })
}
