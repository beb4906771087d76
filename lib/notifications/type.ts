import { z } from "zod"

/** How a notification looks. */
export const notificationType = z.enum(["info", "success", "warning", "error"])

export type NotificationType = z.output<typeof notificationType>
