import { z } from "zod"
import { definePartner } from "./define.ts"

/** Known by its name: nothing is exchanged with it yet. */
export const salesforce = definePartner({
  name: "salesforce",
  title: "Salesforce",
  settings: z.strictObject({}),
  secrets: z.strictObject({}),
})
