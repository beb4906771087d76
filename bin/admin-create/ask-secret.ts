import { createInterface } from "node:readline"
import { Writable } from "node:stream"

/** Ask for something that is not shown while it is typed; empty when nothing is typed. */
export async function askSecret(question: string): Promise<string> {
  process.stdout.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  try {
    return await new Promise<string>((resolve) => {
      lines.once("line", resolve)
      lines.once("close", () => resolve(""))
    })
  } finally {
    lines.close()
    process.stdout.write("\n")
  }
}
