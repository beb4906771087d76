import { expect } from "bun:test"

/** Prometheus' text format, read strictly: each sample by its name and labels. */
export const parseMetrics = (text: string) => readMetrics(text).samples

/** The same, and each metric's type and help by its name. */
export function readMetrics(text: string) {
  expect(text).toEndWith("\n")
  const samples = new Map<string, number>()
  const types = new Map<string, string>()
  const helps = new Map<string, string>()
  let family = ""
  let helped = ""
  for (const line of text.slice(0, -1).split("\n")) {
    const [, help, words] = /^# HELP ([a-z0-9_]+) (\S.*\.)$/.exec(line) ?? []
    const [, typed, type] = /^# TYPE ([a-z0-9_]+) (counter|gauge|histogram)$/.exec(line) ?? []
    if (help) {
      expect([help, types.has(help)]).toEqual([help, false])
      helped = help
      helps.set(help, words!)
    } else if (typed) {
      expect(typed).toBe(helped)
      family = typed
      types.set(typed, type!)
    } else {
      const found =
        /^([a-z0-9_]+)(\{[a-z]+="[^"\\\n]*"(?:,[a-z]+="[^"\\\n]*")*\})? (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(
          line,
        )
      expect([line, found === null]).toEqual([line, false])
      const [, name = "", labels = "", value] = found!
      const suffix = types.get(family) === "histogram" ? /_(bucket|sum|count)$/ : /$/
      expect(name.replace(suffix, "")).toBe(family)
      expect(name).toStartWith("esteira_")
      if (types.get(family) === "counter") expect(name).toEndWith("_total")
      expect([line, samples.has(name + labels)]).toEqual([line, false])
      samples.set(name + labels, Number(value))
    }
  }
  checkHistograms(samples)
  return { samples, types, helps }
}

/** Buckets hold all below their bound: each as many as the one before or more, the last as many as there are. */
function checkHistograms(samples: Map<string, number>) {
  let below = 0
  for (const [name, value] of samples) {
    const [, family, labels, bound] = /^(\w+)_bucket\{(.*),le="(.+)"\}$/.exec(name) ?? []
    if (!family) continue
    expect(value).toBeGreaterThanOrEqual(below)
    below = bound === "+Inf" ? 0 : value
    if (bound === "+Inf") expect(samples.get(`${family}_count{${labels}}`)).toBe(value)
  }
}
