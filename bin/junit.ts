export interface Totals {
  passed: number
  failed: number
  skipped: number
}

/** How many tests of a JUnit report passed, failed and were skipped, by its outermost element. */
export function totalsOf(xml: string): Totals {
  const element = /<testsuites[^>]*>/.exec(xml)?.[0] ?? ""
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(element)?.[1] ?? 0)
  const failed = count("failures") + count("errors")
  const skipped = count("skipped")
  return { passed: count("tests") - failed - skipped, failed, skipped }
}
