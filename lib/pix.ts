import { z } from "zod"

/**
 * The fields of a PIX code (copia e cola) by their ids; undefined when its lengths or its checksum do not fit.
 * The form is that of the Banco Central's "Manual de Padrões para Iniciação do Pix": id, length and value, two digits each.
 */
function fieldsOf(code: string): Map<string, string> | undefined {
  if (!/^000201[\x20-\x7e]+6304[\dA-F]{4}$/.test(code)) return undefined
  const fields = new Map<string, string>()
  for (let at = 0; at < code.length; ) {
    const [, id, length] = /^(\d\d)(\d\d)/.exec(code.slice(at, at + 4)) ?? []
    if (id === undefined) return undefined
    fields.set(id, code.slice(at + 4, at + 4 + Number(length)))
    at += 4 + Number(length)
    if (at > code.length) return undefined
  }
  return fields.get("63") === checksum(code.slice(0, -4)) ? fields : undefined
}

/** CRC-16/CCITT-FALSE, four capital hex digits: what a PIX code ends with. */
export function checksum(text: string): string {
  let sum = 0xffff
  for (const character of text) {
    sum ^= character.charCodeAt(0) << 8
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x8000 ? (sum << 1) ^ 0x1021 : sum << 1) & 0xffff
  }
  return sum.toString(16).toUpperCase().padStart(4, "0")
}

/** What the payer of a PIX code is asked for, in cents; undefined when the code leaves that open. */
export function pixAmount(code: string): number | undefined {
  const amount = fieldsOf(code)?.get("54")
  return amount === undefined ? undefined : Math.round(Number(amount) * 100)
}

/** A PIX code (copia e cola) that a bank can read. */
export const pixCode = z
  .string()
  .trim()
  .max(512)
  .refine((code) => /br\.gov\.bcb\.pix/i.test(code) && fieldsOf(code) !== undefined, {
    error: "a PIX code (copia e cola), whole: its lengths or its checksum do not fit",
  })
