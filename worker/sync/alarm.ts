import { failIntegration, type Integration } from "../../db/integrations.ts"
import { enqueueIn } from "../../db/outbox.ts"
import { pool } from "../../db/pool.ts"
import { listAdministrators } from "../../db/users.ts"
import { notification } from "../../lib/jobs/notification.ts"
import type { Locale } from "../../lib/locale.ts"
import type { Partner } from "../../lib/partners/define.ts"

const WORDS: Record<Locale, (title: string, reason: string) => { title: string; message: string }> = {
  "pt-BR": (title, reason) => ({
    title: `Integração parada: ${title}`,
    message: `Nada mais é trocado até que alguém a corrija ou a habilite de novo. ${reason}.`,
  }),
  en: (title, reason) => ({
    title: `Integration stopped: ${title}`,
    message: `Nothing more is exchanged until somebody puts it right or enables it again. ${reason}.`,
  }),
}

/** Put an integration in error, and tell who administers its agency: once for each time that it comes to be so. */
export async function stopIntegration(integration: Integration, { title }: Partner, reason: string) {
  await pool().begin(async (tx) => {
    if (!(await failIntegration(integration, reason, tx))) return
    const people = await listAdministrators(integration.agencyId, tx)
    for (const [locale, some] of Map.groupBy(people, (person) => person.locale))
      await enqueueIn(tx, notification, {
        ...WORDS[locale](title, reason),
        userId: some.map(({ id }) => id),
        type: "error",
        category: "integration",
      })
  })
}
