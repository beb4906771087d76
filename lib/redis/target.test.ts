import { describe, expect, test } from "bun:test"
import { ConfigurationError } from "../errors.ts"
import { redisEnv, redisTarget } from "./target.ts"

const target = (env: Record<string, string>) => redisTarget(redisEnv(env))

describe("the environment names a Redis", () => {
  test("by its URL, with or without TLS", () => {
    expect(target({ REDIS_URL: "redis://user:p%40ss@redis.example:6390/2" })).toEqual({
      kind: "standalone",
      name: "redis.example:6390",
      options: { host: "redis.example", port: 6390, username: "user", password: "p@ss", db: 2 },
    })
    expect(target({ REDIS_URL: "redis://:secret@[::1]" })).toMatchObject({
      options: { host: "::1", port: 6379, password: "secret" },
    })
    expect(target({ REDIS_URL: "rediss://h" })).toMatchObject({ options: { tls: {} } })
    expect(target({ REDIS_URL: "redis://h", REDIS_TLS: "true" })).toMatchObject({ options: { tls: {} } })
    expect(target({ REDIS_URL: "redis://h" })).not.toMatchObject({ options: { tls: {} } })
  })

  test("as Upstash does, always with TLS", () => {
    const upstash = {
      UPSTASH_REDIS_HOST: "eu1.upstash.example",
      UPSTASH_REDIS_PORT: "33079",
      UPSTASH_REDIS_PASSWORD: "secret",
    }
    expect(target(upstash)).toEqual({
      kind: "standalone",
      name: "eu1.upstash.example:33079",
      options: { host: "eu1.upstash.example", port: 33079, password: "secret", tls: {} },
    })
    expect(() => target({ UPSTASH_REDIS_HOST: "h" })).toThrow("Cannot start: set UPSTASH_REDIS_PASSWORD")
  })

  test("as a cluster, by some of its nodes", () => {
    expect(
      target({ REDIS_CLUSTER_NODES: "a.example:7001, [::1]:7002,c", REDIS_PASSWORD: "p" }),
    ).toMatchObject({
      kind: "cluster",
      nodes: [
        { host: "a.example", port: 7001 },
        { host: "::1", port: 7002 },
        { host: "c", port: 6379 },
      ],
      options: { password: "p" },
    })
  })

  test("behind sentinels", () => {
    expect(target({ REDIS_SENTINELS: "a:26379,b", REDIS_SENTINEL_NAME: "main" })).toMatchObject({
      kind: "sentinel",
      name: "main of a:26379,b",
      options: {
        name: "main",
        sentinels: [
          { host: "a", port: 26379 },
          { host: "b", port: 26379 },
        ],
      },
    })
  })

  test.each([
    [{}, "Cannot start: set REDIS_URL (or"],
    [{ REDIS_URL: "http://h" }, "Cannot start: REDIS_URL is not right"],
    [{ REDIS_URL: "redis://h/zero" }, 'its path is the number of a database, not "zero"'],
    [
      { REDIS_CLUSTER_NODES: "a:1,redis://:hunter2@h:1" },
      /REDIS_CLUSTER_NODES is not right: part 2 of it is not host:port\.$/,
    ],
    [{ REDIS_CLUSTER_NODES: "," }, "part 1 of it is not host:port"],
    [{ REDIS_SENTINELS: "a:99999" }, "REDIS_SENTINELS is not right: part 1 of it is not host:port"],
    [{ REDIS_URL: "redis://:p%ss@h" }, "a percent sign in it is not followed by two hex digits"],
  ])("in a way it does not understand: %j", (env, message) => {
    expect(() => target(env as Record<string, string>)).toThrow(ConfigurationError)
    expect(() => target(env as Record<string, string>)).toThrow(message)
  })
})
