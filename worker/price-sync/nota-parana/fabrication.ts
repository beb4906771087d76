import type { Row } from "./row.ts"

/**
 * Whether this NCM marks a fabricated row: it has nine digits, begins with 320 in all that were seen, and eight in all real
 * rows (a thousand measured of each).
 */
export const isFabricatedNcm = (ncm: string) => /^\d{9}$/.test(ncm)

/**
 * Whether a page was made up for those who are taken for robots, as such pages are: status 200, well-formed, and false from
 * the shops' names to the prices. They always have rows, so that a page without any is true. That all shops are where the
 * question came from is a sign as well, but alone it is none: so is a page about a single shop, asked from there.
 */
export function isFabricated(rows: readonly (Row | undefined)[], asked: string): boolean {
  const marked = rows.filter((row) => row && isFabricatedNcm(row.ncm)).length
  if (marked === 0) return false
  return marked * 2 >= rows.length || rows.every((row) => row?.local === asked)
}
