import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Email } from "./email.ts"

/** A mail that was accepted, and what its request said about being the same one. */
export interface Message extends Email {
  id: string
  createdAt: string
  idempotencyKey: string | null
  bodyHash: string | null
  /** How often the idempotency key was presented, conflicts included; 0 without a key. */
  presented: number
}

export type Store = ReturnType<typeof createStore>

/** Accepted mails, oldest first; with a folder, one file each, found again at the next start. */
export function createStore({ dataDir, lean = false }: { dataDir?: string | undefined; lean?: boolean }) {
  const messages = dataDir ? load(dataDir) : []

  function save(message: Message) {
    if (dataDir) writeAtomically(join(dataDir, `${message.id}.json`), JSON.stringify(message, null, 2))
  }

  function add(message: Message): Message {
    save(message)
    messages.push(lean ? { ...message, html: null, text: null } : message)
    return message
  }

  return { messages, add, save }
}

function load(dataDir: string): Message[] {
  mkdirSync(dataDir, { recursive: true })
  return readdirSync(dataDir)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name): Message => JSON.parse(readFileSync(join(dataDir, name), "utf8")))
}

function writeAtomically(path: string, text: string) {
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}
