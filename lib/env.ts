import { z } from "zod"
import { ConfigurationError } from "./errors.ts"

/** Every variable the product reads, by name: what the README's table is checked against. */
export const variables = new Map<string, z.ZodType>()

/** Declare variables beside their use. The returned function reads them, when called, from the environment. */
export function defineEnv<Shape extends z.ZodRawShape>(shape: Shape) {
  for (const [name, schema] of Object.entries(shape)) variables.set(name, schema as z.ZodType)
  const schema = z.object(shape)

  return (source: Record<string, string | undefined> = process.env): z.output<typeof schema> => {
    // A variable set to nothing is a variable not set: that is how hosting panels and shells leave it.
    const given = Object.fromEntries(
      Object.keys(shape).map((name) => [name, source[name]?.trim() || undefined]),
    )
    const env = schema.safeParse(given)
    if (env.success) return env.data
    throw new ConfigurationError(...env.error.issues.map((issue) => complaint(issue, given)))
  }
}

/** Read all of these, so that one sentence names everything that is missing. */
export function checkEnvironment(...readers: (() => unknown)[]) {
  const complaints = readers.flatMap((read) => {
    try {
      read()
      return []
    } catch (error) {
      if (error instanceof ConfigurationError) return error.complaints
      throw error
    }
  })
  if (complaints.length) throw new ConfigurationError(...new Set(complaints))
}

/** The value of a variable that may be missing elsewhere, and not here. */
export function needed<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new ConfigurationError(`set ${name}${aboutOf(name)}`)
  return value
}

/** The sentence about a variable whose form is right, and what it says is not. */
export const notRight = (name: string, message: string) =>
  new ConfigurationError(`${name} is not right: ${message}${aboutOf(name)}`)

function complaint({ path, message }: z.core.$ZodIssue, given: Record<string, string | undefined>) {
  const name = String(path[0])
  return given[name] === undefined
    ? `set ${name}${aboutOf(name)}`
    : `${name} is not right: ${message}${aboutOf(name)}`
}

function aboutOf(name: string) {
  const about = variables.get(name)?.description
  return about ? ` (${about})` : ""
}

/** A URL to connect to; what is encoded in it can be decoded. */
export const connectionUrl = (protocol: RegExp) =>
  z
    .url({ protocol, error: "a URL of another form" })
    .refine(isDecodable, { error: "a percent sign in it is not followed by two hex digits: write it %25" })

const isDecodable = (url: string) => !/%(?![0-9a-f]{2})/i.test(url)

/** A switch: `true`, `1`, `yes` or `on`, and their opposites. */
export const flag = z.stringbool()

/** A whole number above nought. */
export const count = z.coerce.number().int().positive()
