import { expect, test } from "bun:test"
import fc from "fast-check"
import { redactText } from "../redact.ts"
import { sign } from "../signature.ts"
import { checkLink, linkTo, readLink } from "./link.ts"

const linked = { key: "reports/7/a.pdf", filename: "Relatório.pdf", expiresAt: 2_000_000_000 }
const tokenOf = (link: string) => new URL(link).pathname.replace("/files/", "")

/** Do something with another environment. */
function withEnv<T>(env: Record<string, string>, act: () => T): T {
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const)
  try {
    Object.assign(process.env, env)
    return act()
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

const withSecret = <T>(secret: string | undefined, act: () => T) =>
  withEnv({ SESSION_SECRET: secret ?? "" }, act)

test("leads to the API, and says what it was made for", () => {
  const link = linkTo(linked)
  expect(link).toStartWith("https://app.araucaria.example/files/est_")
  expect(readLink(tokenOf(link))).toEqual(linked)
})

test("leads to the API where that is on another host than the application", () => {
  const link = withEnv({ API_URL: "https://api.araucaria.example/" }, () => linkTo(linked))
  expect(link).toStartWith("https://api.araucaria.example/files/est_")
})

test("saves a file under the name it is given, or its own", () => {
  expect(checkLink("a/b.pdf", { seconds: 60 })).toEqual({ seconds: 60, filename: "b.pdf" })
  expect(checkLink("a/b.pdf", { seconds: 60, filename: "x/y\n.pdf" })).toEqual({
    seconds: 60,
    filename: "x_y.pdf",
  })
})

test("is none with anything in it changed", () => {
  const token = tokenOf(linkTo(linked))
  const position = fc.nat(token.length - 1)
  const sign = fc.constantFrom(..."abcXYZ019-_.=%é ")
  fc.assert(
    fc.property(position, sign, (at, changed) => {
      fc.pre(token[at] !== changed)
      expect(readLink(token.slice(0, at) + changed + token.slice(at + 1))).toBeUndefined()
    }),
    { numRuns: 1_000 },
  )
  for (const wrong of [token.slice(0, -1), `${token}a`, token.slice(4), "", "est_.", "est_a.b"])
    expect(readLink(wrong)).toBeUndefined()
})

test("is none under another secret, or none at all", () => {
  const token = tokenOf(linkTo(linked))
  expect(
    withSecret("another secret, of thirty-two characters or more", () => readLink(token)),
  ).toBeUndefined()
  expect(withSecret(undefined, () => readLink(token))).toBeUndefined()
})

test("is none by what was signed for another purpose, or is of another form", () => {
  const text = Buffer.from(JSON.stringify(["a.txt", "a.txt", 2_000_000_000])).toString("base64url")
  expect(readLink(`est_${text}.${sign("session", text)}`)).toBeUndefined()
  for (const other of [{}, ["../a.txt", "a.txt", 2_000_000_000], ["a.txt", "a.txt"]]) {
    const text = Buffer.from(JSON.stringify(other)).toString("base64url")
    expect(readLink(`est_${text}.${sign("link to a file", text)}`)).toBeUndefined()
  }
})

test("is hidden where a log would tell it", () => {
  const link = linkTo(linked)
  expect(redactText(`See ${link}, please`)).toBe("See https://app.araucaria.example/files/est_***, please")
})
