/** Characters of a sheet's name. */
const LONGEST = 31

/** Gives each sheet a name that Excel takes: without `[]:*?/\`, none twice, and none that is Excel's own. */
export function createNames() {
  const taken = new Set(["history"])
  return (wanted: string): string => {
    const base =
      wanted
        .toWellFormed()
        .replace(/[\p{C}[\]:*?/\\]+/gu, " ")
        .replace(/^[\s']+|[\s']+$/g, "") || "Planilha"
    for (let number = 1; ; number++) {
      const name = fitting(base, number === 1 ? "" : ` (${number})`)
      if (taken.has(name.toLowerCase())) continue
      taken.add(name.toLowerCase())
      return name
    }
  }
}

const fitting = (base: string, end: string) => {
  const room = LONGEST - end.length
  const cut = /[\ud800-\udbff]/.test(base[room - 1] ?? "") ? room - 1 : room
  return `${base.slice(0, cut).trimEnd()}${end}`
}
