/** Locks and looks for what was left behind, short enough for a drill; a run may be left behind as often as it takes. */
export const HASTY = { LOCK_DURATION: "1000", STALLED_INTERVAL: "1000", MAX_STALLED_COUNT: "1000000" }
