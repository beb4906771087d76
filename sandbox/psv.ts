import { readFileSync } from "node:fs"

/** A file of lines of fields with `|` between them, their names in the first. */
export function readTable(file: URL): Record<string, string>[] {
  const [names, ...lines] = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("|"))
  return lines.map((line) => Object.fromEntries(names!.map((name, index) => [name, line[index] ?? ""])))
}
