/** Why no invoice can be issued. */
type Reason = "unknown" | "foreign" | "settled" | "past" | "issued" | "corrected"

/** There is no invoice to be issued as asked; the message says why, and what can be. */
export class InvoiceRefused extends Error {
  override name = "InvoiceRefused"
  readonly reason: Reason

  constructor(reason: Reason, message: string) {
    super(message)
    this.reason = reason
  }
}
