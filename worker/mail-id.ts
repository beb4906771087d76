import { v5 as uuidv5 } from "uuid"

/** The namespace of the ids of mails (RFC 9562, 6.6). */
const MAILS = "6f3c7e0a-5b9d-4c1e-9a42-1d8be0f7c335"

/** The id of the run of the mail that a run asks for: asked for again, by a run that died before it had noted it, it is the same run. */
export const mailIdOf = (runId: string): string => uuidv5(runId, MAILS)
