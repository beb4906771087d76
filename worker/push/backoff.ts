import { waitAfter as waitOf, waitsOf } from "../backoff.ts"

/** 16 hours in all. */
const WAITS = waitsOf([1, 2, 4, 8])

/** Milliseconds until a push is tried again that is not sent: at least as long as it was asked to wait; undefined when it is given up. */
export const waitAfter = (attempt: number, asked?: number) => waitOf(WAITS, attempt, asked)
