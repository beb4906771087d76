/** Why a row is no offer. */
export type DropReason =
  /** It cannot be read. */
  | "malformed"
  /** It has the mark of fabricated rows, on a page that is none. */
  | "fabricated"
  | "other-product"
  /** It cost nothing. */
  | "no-price"
  /** What was paid is not the listed price less the discount. */
  | "contradictory"
  | "future"
  /** It is older than what was asked for. */
  | "past"
