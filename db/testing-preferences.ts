import type { Preferences } from "./notification-preferences.ts"

/** How everybody is told who has said nothing of it. */
export const USUAL: Preferences = {
  ...{ mail: true, inApp: true, push: true, categories: {} },
  ...{ quietHours: null, timeZone: null, locale: null },
}
