import { isTaxId } from "../../../lib/tax-id.ts"
import { createRandom } from "../../fleet/random.ts"
import { tables } from "./tables.ts"

const SEED = 1304

/** The owners, with their keys. */
export function demoOwners() {
  const draw = drawing(SEED)
  return tables.owners.map((owner) => {
    const { phone, email, taxId } = draw(owner)
    const { number, complement, district, city, street } = owner
    const pixKey = { tax: taxId, email, phone, "": null }[owner.pix!] ?? null
    return {
      key: owner.key!,
      agency: owner.agency!,
      row: {
        ...{ name: owner.name!, email, phone, taxId },
        ...{ street: street!, number: number!, complement: complement || null, district: district! },
        ...{ city: city!, uf: "PR", zipCode: owner.zip! },
        ...{
          bankName: owner.bank!,
          bankBranch: taxId.slice(1, 5),
          bankAccount: `${taxId.slice(2, 8)}-${taxId[8]}`,
        },
        pixKey,
      },
    }
  })
}

/** The renters, with their keys; one has brought no documents yet. */
export function demoRenters() {
  const draw = drawing(SEED + 1)
  return tables.renters.map((renter) => {
    const { phone, email, taxId, number } = draw(renter)
    const isPerson = taxId.length === 11
    const hasDocuments = renter.documents === "yes"
    return {
      key: renter.key!,
      agency: renter.agency!,
      row: {
        ...{ name: renter.name!, email: hasDocuments ? email : null, phone },
        taxId: hasDocuments ? taxId : null,
        identityCard: hasDocuments && isPerson ? `${1 + number(9)}${digits(number, 6)}-${number(10)}` : null,
        bornOn: isPerson ? `${1952 + number(50)}-0${1 + number(9)}-${10 + number(18)}` : null,
        profession: renter.profession!,
        incomeCents: Number(renter.income) * 100,
        emergencyName: isPerson ? `${renter.name!.split(" ").at(-1)} (família)` : null,
        emergencyPhone: isPerson ? phoneOf(renter.agency!, number) : null,
      },
    }
  })
}

/** Ways to be reached and a tax id for whoever comes next. */
function drawing(seed: number) {
  const random = createRandom(seed)
  const number = (below: number) => Math.floor(random() * below)
  return ({ name, agency }: Record<string, string>) => ({
    number,
    phone: phoneOf(agency!, number),
    email: addressOf(name!),
    taxId: / (?:Ltda|S\.A\.)$/.test(name!)
      ? taxIdFrom(`${digits(number, 8)}0001`)
      : taxIdFrom(`${digits(number, 8)}9`),
  })
}

const digits = (number: (below: number) => number, count: number) =>
  Array.from({ length: count }, () => number(10)).join("")

const phoneOf = (agency: string, number: (below: number) => number) =>
  `+55${agency === "araucaria" ? 44 : 43}9${8 + number(2)}${digits(number, 7)}`

function addressOf(name: string) {
  const words = name
    .normalize("NFD")
    .replace(/[^A-Za-z ]/g, "")
    .toLowerCase()
    .split(" ")
  return `${words[0]}.${words.at(-1)}@correio.example`
}

/** A CPF from its first 9 digits (the last of which stands for Paraná), or a CNPJ from its first 12. */
function taxIdFrom(beginning: string): string {
  const endings = Array.from({ length: 100 }, (_, end) => String(end).padStart(2, "0"))
  return endings.map((end) => beginning + end).find(isTaxId)!
}
