import { ConfigurationError } from "../lib/errors.ts"

/** What a stand-in says when it cannot start, as the sentence to show. */
export function asSentence(error: Error): never {
  throw new ConfigurationError(error.message.replace(/\.$/, ""))
}
