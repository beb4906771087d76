import { ConfigurationError } from "../lib/errors.ts"

/** What a stand-in says when it cannot start, as the sentence to show; an error of another kind is a bug, and told as one. */
export function asSentence(error: Error): never {
  if (error.constructor !== Error) throw error
  throw new ConfigurationError(error.message.replace(/\.$/, ""))
}
