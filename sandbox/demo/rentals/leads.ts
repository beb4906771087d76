import { addDays } from "../../../lib/days.ts"
import { createRandom } from "../../fleet/random.ts"
import { centsOf, tables } from "./tables.ts"

const SEED = 77

const COUNT = 120
const DAYS = 365
const HOUR = 3_600_000

const FIRST =
  "Aline Bruno Cíntia Danilo Elaine Fábio Giovana Henrique Íris João Kátia Lucas Milena Nelson Olívia Pedro Quésia Raul Sabrina Tomás Úrsula Valter".split(
    " ",
  )
const LAST =
  "Agostini Batista Cazarin Dornelles Esteves Franzói Gomes Hayashi Iwata Jardim Kuhn Lima Mazzaro Neves Oyama Pacheco Quadros Rossi Sobreira Toledo Ulbrich Vieira".split(
    " ",
  )
const SOURCES = [
  "site",
  "site",
  "vivareal",
  "zapimoveis",
  "olx",
  "whatsapp",
  "whatsapp",
  "phone",
  "walk-in",
  "referral",
]
const REASONS = [
  "Alugou outro imóvel",
  "Fora do orçamento",
  "Não respondeu mais",
  "Não aprovado na análise",
  "Desistiu de mudar",
]
const MESSAGES = [
  "Olá! O imóvel ainda está disponível? Gostaria de visitar no sábado.",
  "Aceita animais de pequeno porte?",
  "Qual é o valor total com condomínio e IPTU?",
  "Procuro algo parecido, com duas vagas.",
]

/** People who have asked about homes in the year up to a day, the share that goes on smaller with each stage. */
export function demoLeads(today: string) {
  const random = createRandom(SEED)
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!
  const offered = tables.properties.filter(({ category }) => category !== "temporada")
  return Array.from({ length: COUNT }, (_, index) => {
    const property = pick(offered)
    const [first, last] = [pick(FIRST), pick(LAST)]
    const day = addDays(today, -Math.floor((index * DAYS) / COUNT) - 1)
    const createdAt = new Date(Date.parse(`${day}T11:00:00Z`) + Math.floor(random() * 10 * HOUR))
    const source = pick(SOURCES)
    const price = centsOf(property.rent || property.price)
    const row = {
      name: `${first} ${last}`,
      email: source === "phone" ? null : plain(`${first}.${last}${index}@correio.example`),
      phone: `+55${property.agency === "araucaria" ? 44 : 43}98${String(1_000_000 + Math.floor(random() * 9e6))}`,
      message: source === "phone" || source === "walk-in" ? null : pick(MESSAGES),
      source,
      interest: property.category!,
      budgetCents: Math.round((price * (0.85 + random() * 0.4)) / 5_000) * 5_000,
      createdAt,
      ...stages(createdAt, new Date(`${today}T00:00:00Z`), random, pick),
    }
    return {
      agency: property.agency!,
      property: random() < 0.8 ? property.key! : null,
      broker: random(),
      row,
    }
  })
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()

/** How far it got: each stage some hours after the one before, and none that is still to come. */
function stages(createdAt: Date, now: Date, random: () => number, pick: <T>(from: readonly T[]) => T) {
  let [at, ended] = [createdAt.getTime(), false]
  const reach = (chance: number, hours: number): Date | null => {
    const [luck, wait] = [random(), random()]
    at += (1 + wait * hours) * HOUR
    ended ||= luck > chance || at > now.getTime()
    return ended ? null : new Date(at)
  }
  const contactedAt = reach(0.9, 20)
  const visitedAt = reach(0.55, 120)
  const proposedAt = reach(0.5, 96)
  const wonAt = reach(0.6, 120)
  const [isLost, reason] = [random() < 0.75, pick(REASONS)]
  at += 240 * HOUR
  const lostAt = isLost && !wonAt && contactedAt && at < now.getTime() ? new Date(at) : null
  return { contactedAt, visitedAt, proposedAt, wonAt, lostAt, lostReason: lostAt && reason }
}
