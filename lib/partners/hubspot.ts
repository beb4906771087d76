import { z } from "zod"
import { definePartner } from "./define.ts"

/** Known by its name: nothing is exchanged with it yet. */
export const hubspot = definePartner({
  name: "hubspot",
  title: "HubSpot",
  settings: z.strictObject({}),
  secrets: z.strictObject({}),
})
