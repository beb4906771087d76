/** The name among some that is written most like another, if any is alike: at most two signs in five differ. */
export function nearest(wanted: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: distanceOf(wanted.toLowerCase(), name.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance)
  const [best] = ranked
  return best && best.distance <= Math.max(wanted.length, best.name.length) * 0.4 ? best.name : undefined
}

/** What to say of a name that there is not: the nearest, and all there are. */
export function unknownName(kind: string, wanted: string, names: readonly string[]): string {
  const near = nearest(wanted.slice(0, 100), names)
  const suggestion = near === undefined ? "" : ` did you mean ${near}?`
  return `no ${kind} ${JSON.stringify(wanted.slice(0, 100))}:${suggestion} there are ${names.join(", ")}`
}

/** Signs to add, to leave out, to replace or to swap with the next until one text is the other. */
function distanceOf(one: string, other: string): number {
  let before: number[] = []
  let row = Array.from({ length: other.length + 1 }, (_, place) => place)
  for (let at = 0; at < one.length; at++) {
    const next = [at + 1]
    for (let to = 0; to < other.length; to++) {
      const swapped = at > 0 && to > 0 && one[at] === other[to - 1] && one[at - 1] === other[to]
      next.push(
        Math.min(
          next[to]! + 1,
          row[to + 1]! + 1,
          row[to]! + (one[at] === other[to] ? 0 : 1),
          swapped ? before[to - 1]! + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = row
    row = next
  }
  return row.at(-1)!
}
