const PAUSE = 20

/** Whether the condition came true within so many milliseconds; it is asked at least once. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  milliseconds: number,
): Promise<boolean> {
  const deadline = Date.now() + milliseconds
  while (!(await condition())) {
    if (Date.now() > deadline) return false
    await Bun.sleep(PAUSE)
  }
  return true
}
