import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { storage } from "./storage.ts"
import { storageTarget } from "./target.ts"

const names = [
  "STORAGE_URL",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "SESSION_SECRET",
  "API_URL",
  "APP_URL",
  "NODE_ENV",
]
const keys = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "secret" }
const links = { SESSION_SECRET: "x".repeat(32), APP_URL: "http://localhost:3000" }

let before: Record<string, string | undefined>
beforeEach(() => {
  before = Object.fromEntries(names.map((name) => [name, process.env[name]]))
})
afterEach(() => restore(before))

function restore(env: Record<string, string | undefined>) {
  for (const name of names) {
    if (env[name] === undefined) delete process.env[name]
    else process.env[name] = env[name]
  }
}

function targetOf(STORAGE_URL: string | undefined, env: Record<string, string> = {}) {
  restore({ STORAGE_URL, ...env })
  return storageTarget()
}

describe("a folder", () => {
  test.each([
    ["file://.data/storage", join(process.cwd(), ".data/storage")],
    ["file:///var/lib/esteira", "/var/lib/esteira"],
    ["file:///tmp/two%20words/%C3%A1", "/tmp/two words/á"],
  ])("is where %s says", (url, path) => {
    expect(targetOf(url, links)).toEqual({ kind: "folder", path })
  })

  test("is what development has, and production has not, unless it is said", () => {
    expect(targetOf(undefined, links)).toEqual({ kind: "folder", path: join(process.cwd(), ".data/storage") })
    expect(() => targetOf(undefined, { ...links, NODE_ENV: "production" })).toThrow(
      /^Cannot start: set STORAGE_URL \(where files are kept: /,
    )
  })

  test("needs what its links are made of, all of it named at once", () => {
    expect(() => targetOf("file://.data/storage")).toThrow(
      /^Cannot start: set SESSION_SECRET \(.+\); set API_URL \(.+\)\.$/,
    )
    expect(() => targetOf("file://.data/storage", { ...links, SESSION_SECRET: "short" })).toThrow(
      "SESSION_SECRET is not right: at least 32 characters",
    )
  })
})

describe("a bucket", () => {
  const addressOf = (url: string) => {
    const target = targetOf(url, keys)
    return target.kind === "bucket" && [target.address, target.region]
  }

  test.each([
    ["s3://files", "https://s3.us-east-1.amazonaws.com/files", "us-east-1"],
    ["s3://files?region=sa-east-1", "https://s3.sa-east-1.amazonaws.com/files", "sa-east-1"],
    ["s3://files?region=sa-east-1&style=virtual", "https://files.s3.sa-east-1.amazonaws.com", "sa-east-1"],
    ["s3://files?endpoint=https://a.example&region=auto", "https://a.example/files", "auto"],
    ["s3://files?endpoint=http://127.0.0.1:9000/s3/", "http://127.0.0.1:9000/s3/files", "us-east-1"],
    ["s3://files?endpoint=https://a.example:8443&style=virtual", "https://files.a.example:8443", "us-east-1"],
  ])("is where %s says", (url, address, region) => {
    expect(addressOf(url)).toEqual([address, region])
  })

  test("has its key from the environment, and needs it", () => {
    expect(targetOf("s3://files", { ...keys, AWS_SESSION_TOKEN: "token" })).toMatchObject({
      accessKeyId: "AKIA",
      secretAccessKey: "secret",
      sessionToken: "token",
    })
    expect(() => targetOf("s3://files")).toThrow(
      /^Cannot start: set AWS_ACCESS_KEY_ID \(.+\); set AWS_SECRET_ACCESS_KEY \(.+\)\.$/,
    )
  })
})

test.each([
  ["https://a.example/files", "a URL of another form"],
  ["files", "a URL of another form"],
  ["file:/tmp/files", "after file:// comes the path of a folder"],
  ["file://", "after file:// comes the path of a folder"],
  ["s3:///files", "after s3:// comes the name of a bucket, and no path"],
  ["s3://files/reports", "after s3:// comes the name of a bucket, and no path"],
  ["s3://id:secret@files", "the access key goes into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"],
  ["s3://files?endpoint=a.example", "endpoint: Invalid URL"],
  ["s3://files?zone=a", 'Unrecognized key: "zone"'],
  ["s3://files?style=host", "style: Invalid option"],
])("%s is refused with the reason", (url, reason) => {
  expect(() => targetOf(url, { ...keys, ...links })).toThrow(`STORAGE_URL is not right: ${reason}`)
  expect(() => targetOf(url, { ...keys, ...links })).not.toThrow("id:secret")
})

test("a process keeps to its storage until the environment says otherwise", () => {
  restore({ STORAGE_URL: "file:///tmp/one", ...links })
  const one = storage()
  expect(storage()).toBe(one)
  restore({ STORAGE_URL: "file:///tmp/two", ...links })
  expect(storage()).not.toBe(one)
})
