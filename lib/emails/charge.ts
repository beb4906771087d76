import { z } from "zod"
import { pii } from "../pii.ts"
import { pixAmount, pixCode } from "../pix.ts"
import { day, line, link, postalAddress, userName } from "./fields.ts"

/** What every mail about the rent of a month tells. */
export const charge = {
  userName,
  referenceMonth: z
    .string()
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, { error: "a year and a month, such as 2026-02" }),
  dueDate: day,
  propertyAddress: postalAddress.optional(),
  payeeName: pii(line(200)).optional().describe("who receives the money, as the payer's bank shows it"),
  payeeContact: pii(line(200))
    .optional()
    .describe("how to reach them: how to pay is asked there when there is no PIX code"),
  pixCode: pixCode.optional(),
  invoiceUrl: link.optional(),
}

/** Have the PIX code, if it names a sum, name that of the mail: who pays by it would pay another one. */
export const payable = <Props extends z.ZodType<{ pixCode?: string | undefined }>>(
  props: Props,
  total: (props: z.output<Props>) => number,
): Props =>
  props.refine((given) => [undefined, total(given)].includes(pixAmount(given.pixCode ?? "")), {
    path: ["pixCode"],
    error: "a PIX code for the sum that the mail asks for",
  })
