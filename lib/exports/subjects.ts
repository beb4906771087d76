/** Who can ask what is kept of them (LGPD, art. 18): a user, and people that an agency knows. */
export const subjectTypes = ["user", "renter", "owner", "lead"] as const

export type SubjectType = (typeof subjectTypes)[number]

/** Days within which a request has to be answered (LGPD, art. 19, II). */
export const DEADLINE_DAYS = 15

/** Days for which a file can be fetched; it is deleted then. */
export const LINK_DAYS = 7
