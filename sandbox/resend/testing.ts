import { Resend } from "resend"
import type { ResendSimulator } from "./simulator.ts"

/** A mail that the service accepts. */
export const mail = {
  from: "Casa <oi@casa.example>",
  to: "ana@example.com",
  subject: "Olá",
  html: "<p>Oi</p>",
}

/** Resend's own client, talking to the simulator. */
export function clientOf({ key, url }: ResendSimulator): Resend {
  return new Resend(key, { baseUrl: url })
}

/** A send without the client, for what the client does not let through. */
export function post(
  { key, url }: ResendSimulator,
  body: unknown,
  headers: Record<string, string> = {},
  path = "/emails",
) {
  return fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
}
