import { randomToken } from "./random-token.ts"

/** A new key, of 256 random bits. Its beginning tells logs and whoever finds it what it is. */
export const createApiKey = (): string => `est_${randomToken()}`

const KEY = /^est_[\w-]{43}$/

/** Whether a text can be a key at all. */
export const isApiKey = (text: string) => KEY.test(text)
