const MODULUS = 2 ** 52

/** Over the rows of a table, whatever their order: how many they are, and the sums of two hashes of each. */
export interface Checksum {
  rows: number
  sums: [number, number]
}

export const newChecksum = (): Checksum => ({ rows: 0, sums: [0, 0] })

/** Count a row: a line of COPY's text form, with its end. */
export function addRow(sum: Checksum, row: Uint8Array) {
  sum.rows += 1
  sum.sums[0] = (sum.sums[0] + Bun.hash.xxHash32(row, 0)) % MODULUS
  sum.sums[1] = (sum.sums[1] + Bun.hash.xxHash32(row, 1)) % MODULUS
}

/** As a manifest has it. */
export const tellChecksum = ({ sums }: Checksum) => sums.map((sum) => sum.toString(16)).join(":")
