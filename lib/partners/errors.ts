/** A partner does not let us in: its key is wrong, or no longer good. Nothing is tried again until somebody has seen to it. */
export class PartnerRefuses extends Error {
  override name = "PartnerRefuses"
}

/** What was asked after is gone: of a pull, the place it was to go on from; of a push, whoever was to be told. */
export class PartnerGone extends Error {
  override name = "PartnerGone"
}

/** A partner does not take one item; others go on. The message is the reason that is kept with it. */
export class ItemRefused extends Error {
  override name = "ItemRefused"
}

/** What a partner has answered cannot be read. */
export class BadAnswer extends Error {
  override name = "BadAnswer"
}
