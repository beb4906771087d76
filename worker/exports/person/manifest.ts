import type { Person } from "../../../db/exports/people.ts"
import type { Export } from "../../../db/exports/requests.ts"
import type { Activity, Controller } from "../../../db/exports/subject-data.ts"
import { LINK_DAYS } from "../../../lib/exports/subjects.ts"
import { formatTaxId } from "../../../lib/tax-id.ts"

/** Changes with what stands where in the archive. */
const SCHEMA_VERSION = 1

/** A file of the archive, with what tells whether it came whole. */
export interface ArchivedFile {
  path: string
  bytes: number
  sha256: string
}

/** What is kept of a person under one heading, as the archive has it. */
export interface Archived {
  activity: Activity
  rows: number
  files: ArchivedFile[]
}

/** What is left out, and why: people are told. */
const LEFT_OUT = [
  "Senhas e outros segredos de acesso, que não são guardados de forma legível",
  "Dados de outras pessoas: partes do mesmo contrato, contatos de emergência, quem atendeu você e pessoas atendidas por você",
]

const RIGHTS =
  "Você pode pedir confirmação, acesso, correção, anonimização, bloqueio ou eliminação, portabilidade, informação sobre compartilhamento e revogar o consentimento (Lei 13.709/2018, art. 18). O pedido é gratuito."

/** What the archive says of itself. `readme` is the only file beside those of the categories. */
export const manifestOf = (
  request: Export,
  person: Person,
  controller: Controller,
  archived: Archived[],
  readme: ArchivedFile,
) => ({
  schemaVersion: SCHEMA_VERSION,
  request: {
    id: request.id,
    runId: request.runId,
    requestedAt: request.requestedAt,
    generatedAt: request.startedAt,
    deadline: request.deadlineAt,
    linkValidDays: LINK_DAYS,
  },
  subject: { type: request.subjectType, id: request.subjectId, name: person.name, email: person.email },
  controller,
  contact: controller.email,
  rights: RIGHTS,
  leftOut: LEFT_OUT,
  categories: archived.map(({ activity, rows, files }) => ({
    ...activity,
    rows,
    ...(rows === 0 && { absence: "Não há registros desta categoria." }),
    files,
  })),
  readme,
})

/** The text for whoever opens the archive. */
export function readmeOf(
  request: Export,
  person: Person,
  controller: Controller,
  archived: Archived[],
): string {
  const day = (moment: Date) =>
    new Intl.DateTimeFormat("pt-BR", { dateStyle: "long", timeZone: person.zone }).format(moment)
  return `${[
    "SEUS DADOS PESSOAIS",
    "",
    `Este arquivo traz os dados que ${controller.name} mantém sobre ${person.name}, pedidos em ${day(request.requestedAt)} e reunidos em ${day(request.startedAt)} (Lei Geral de Proteção de Dados, Lei 13.709/2018, art. 18 e 19).`,
    "",
    "CONTEÚDO",
    "",
    ...archived.map(({ activity, rows }) =>
      rows === 0
        ? `- ${activity.title}: não há registros.`
        : `- ${activity.title}: ${rows} ${rows === 1 ? "registro" : "registros"}.`,
    ),
    "",
    "manifest.json diz, de cada categoria, a finalidade, a base legal, a origem, o prazo de guarda e com quem os dados são compartilhados, e traz o SHA-256 de cada arquivo.",
    "Os arquivos em dados/ (JSON) podem ser lidos por outros sistemas; os em planilhas/ (CSV) abrem em planilhas eletrônicas. Valores em dinheiro estão em reais nas planilhas; nos arquivos JSON, em centavos, quando o nome do campo termina em Cents.",
    "",
    "O QUE NÃO ESTÁ AQUI",
    "",
    ...LEFT_OUT.map((left) => `- ${left}.`),
    "",
    "SEUS DIREITOS",
    "",
    RIGHTS,
    "",
    "CONTATO",
    "",
    ...[
      controller.legalName ?? controller.name,
      controller.cnpj && `CNPJ ${formatTaxId(controller.cnpj)}`,
      controller.email,
      controller.phone,
      controller.address,
    ].filter((line) => line),
    "",
  ].join("\r\n")}`
}
