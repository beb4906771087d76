import { z } from "zod"

/** What is exchanged with partners. */
const entities = ["property", "lead", "contract"] as const

export type Entity = (typeof entities)[number]

export const entity = z.enum(entities, { error: `one of ${entities.join(", ")}` })
