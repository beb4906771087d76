import { z } from "zod"
import { enqueueOptions } from "../lib/enqueue.ts"

/** What is sent to ask for a run; the data are the job's to check. */
export const enqueueRequest = z.strictObject({ data: z.unknown(), options: enqueueOptions.optional() })
