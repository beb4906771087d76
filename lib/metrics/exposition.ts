/** Prometheus' text format, version 0.0.4. */
export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

export type Labels = Record<string, string>

/** A number that was measured just now. */
export type Reading = [labels: Labels, value: number]

/** A metric of numbers that go up and down; without readings there is none. */
export const gauge = (name: string, help: string, readings: number | Reading[]) =>
  family(name, help, "gauge", typeof readings === "number" ? [[{}, readings]] : readings)

/** A metric that only grows, and is counted elsewhere. */
export const total = (name: string, help: string, value: number) =>
  family(name, help, "counter", [[{}, value]])

/** A counter for each set of labels. */
export function createCounter(name: string, help: string) {
  const counters: [Labels, { value: number }][] = []
  return {
    /** The counter of these labels, from now on told of though it is nought. Ask for it once, and keep it. */
    of(labels: Labels) {
      const counter = { value: 0 }
      counters.push([labels, counter])
      return counter
    },
    text: () =>
      family(
        name,
        help,
        "counter",
        counters.map(([labels, { value }]) => [labels, value]),
      ),
  }
}

/** A histogram for each set of labels, all with these upper bounds. */
export function createHistogram(name: string, help: string, bounds: readonly number[]) {
  const histograms: [Labels, ReturnType<typeof createBuckets>][] = []
  const samples = ([labels, { counts, sum }]: (typeof histograms)[number]) => {
    let count = 0
    const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound, index) => {
      count += counts[index]!
      return sample(
        `${name}_bucket`,
        { ...labels, le: bound === Number.POSITIVE_INFINITY ? "+Inf" : `${bound}` },
        count,
      )
    })
    return [...buckets, sample(`${name}_sum`, labels, sum()), sample(`${name}_count`, labels, count)].join("")
  }
  return {
    /** The histogram of these labels. Ask for it once, and keep it. */
    of(labels: Labels) {
      const histogram = createBuckets(bounds)
      histograms.push([labels, histogram])
      return histogram
    },
    text: () => (histograms.length ? head(name, help, "histogram") + histograms.map(samples).join("") : ""),
  }
}

function createBuckets(bounds: readonly number[]) {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    counts,
    sum: () => sum,
    observe(value: number) {
      let index = 0
      while (index < bounds.length && value > bounds[index]!) index++
      counts[index]! += 1
      sum += value
    },
  }
}

const family = (name: string, help: string, type: string, readings: Reading[]) =>
  readings.length
    ? head(name, help, type) + readings.map(([labels, value]) => sample(name, labels, value)).join("")
    : ""

const head = (name: string, help: string, type: string) =>
  `# HELP ${name} ${help.replace(/[\\\n]/g, quoted)}\n# TYPE ${name} ${type}\n`

function sample(name: string, labels: Labels, value: number) {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${text.replace(/[\\\n"]/g, quoted)}"`)
  return `${name}${pairs.length ? `{${pairs.join(",")}}` : ""} ${value}\n`
}

const quoted = (sign: string) => (sign === "\n" ? "\\n" : `\\${sign}`)
