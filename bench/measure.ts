import { parseArgs } from "node:util"

/** The numbers of the command line, `--rounds 3`, over these. */
export function numbers<Name extends string>(defaults: Record<Name, number>): Record<Name, number> {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: "string" as const }]))
  const given = Object.entries(parseArgs({ options }).values).map(([name, value]) => [name, Number(value)])
  return { ...defaults, ...Object.fromEntries(given) }
}

/** Measure each side in turn, as often as there are rounds: what else the machine does meets all alike. The first round warms up. */
export async function interleaved<Side extends string>(
  rounds: number,
  sides: Record<Side, () => Promise<number>>,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[]
  const measured = Object.fromEntries(names.map((side) => [side, [] as number[]])) as Record<Side, number[]>
  for (let round = 0; round <= rounds; round++) {
    for (const side of round % 2 ? names : names.toReversed()) {
      const rate = await sides[side]()
      if (round > 0) measured[side].push(rate)
    }
  }
  return measured
}

/** The middle value, or a higher part of them. */
export function quantile(values: number[], part = 0.5): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** Print a line of figures. */
export const tell = (name: string, values: number[], unit: string) =>
  console.log(
    `${name.padEnd(28)} ${quantile(values).toFixed(0).padStart(8)} ${unit}   (${values.map((value) => value.toFixed(0)).join(" ")})`,
  )

/** Print how one side's middle value compares with another's. */
export const ratio = (name: string, one: number[], other: number[]) =>
  console.log(`${name.padEnd(28)} ${(quantile(one) / quantile(other)).toFixed(2).padStart(8)}`)

/** Print a figure beside its budget, and have the process exit with 1 when it is missed. */
export function verdict(name: string, value: number, atLeastOrMost: ">=" | "<=", budget: number, unit = "") {
  const met = atLeastOrMost === ">=" ? value >= budget : value <= budget
  if (!met) process.exitCode = 1
  console.log(
    `${name.padEnd(28)} ${value.toFixed(2).padStart(8)}${unit}   budget ${atLeastOrMost} ${budget}${unit}: ${met ? "met" : "MISSED"}`,
  )
}
