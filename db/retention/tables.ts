import { oldAccesses } from "../access-logs.ts"
import { oldEvents } from "../email-events.ts"
import { oldMails } from "../email-messages.ts"
import { oldExports } from "../exports/requests.ts"
import { oldLeads } from "../leads.ts"
import { oldRecipients } from "../mailing-recipients.ts"
import { oldMailings } from "../mailings.ts"
import { oldNotifications } from "../notifications.ts"
import { oldReminders } from "../payment-reminders.ts"
import { oldClaims } from "../price-sync-claims.ts"
import { oldAskedProducts } from "../price-sync-products.ts"
import { oldSyncs } from "../price-syncs.ts"
import { oldDeliveries } from "../push-deliveries.ts"
import { oldRests } from "../push-services.ts"
import { oldReports } from "../reports.ts"
import { oldItems } from "../sync/items.ts"
import { oldStores } from "../unmatched-stores.ts"
import type { Aged } from "./aged.ts"

/** Every table besides the ledger's whose rows go with age, those first that name others. What is not here is never deleted for its age. */
export const agedTables: readonly Aged[] = [
  oldMails,
  oldEvents,
  ...oldRecipients,
  oldMailings,
  oldDeliveries,
  oldRests,
  oldNotifications,
  oldAccesses,
  oldExports,
  oldReports,
  oldClaims,
  oldAskedProducts,
  oldSyncs,
  oldStores,
  oldItems,
  oldLeads,
  oldReminders,
]
