import { z } from "zod"

/** The id of a backup: that of the run that has made it. */
export const backupId = z.string().regex(/^[\w-]{1,100}$/, { error: "the id of a backup" })
