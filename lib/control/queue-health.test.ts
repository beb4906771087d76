import { describe, expect, test } from "bun:test"
import type { QueueCounts } from "./counts.ts"
import { judgeQueue } from "./queue-health.ts"

const workers = [{ id: "1", host: "a", queues: ["email"], startedAt: 0 }]

const judged = (counts: Partial<QueueCounts>, by = workers) => {
  const none = { waiting: 0, active: 0, completed: 0, failed: 0, delayed: 0, paused: false }
  const { status, issues } = judgeQueue({ name: "email", counts: { ...none, ...counts } }, by)
  return [status, ...issues]
}

describe("a queue", () => {
  test.each([
    [0, "healthy"],
    [50, "healthy"],
    [51, "warning"],
    [200, "warning"],
    [201, "critical"],
  ])("with %i failed runs is %s", (failed, status) => {
    const issues = status === "healthy" ? [] : [`Failed runs: ${failed}`]
    expect(judged({ failed })).toEqual([status, ...issues])
  })

  test("that is paused warns of that alone, whatever waits and whoever works", () => {
    const issue = "The queue is paused; runs that wait: 500"
    expect(judged({ paused: true, waiting: 500 })).toEqual(["warning", issue])
    expect(judged({ paused: true, waiting: 500 }, [])).toEqual(["warning", issue])
  })

  test("may be stalled when more than 100 runs wait and none is active", () => {
    expect(judged({ waiting: 100 })).toEqual(["healthy"])
    expect(judged({ waiting: 101, active: 1 })).toEqual(["healthy"])
    expect(judged({ waiting: 101 })).toEqual([
      "warning",
      "The queue may be stalled: no run is active; runs that wait: 101",
    ])
  })

  test("that no worker takes runs from is critical as soon as one waits", () => {
    const others = [{ ...workers[0]!, queues: ["report"] }]
    expect(judged({ waiting: 1 }, others)).toEqual([
      "critical",
      "No worker that takes its runs has been heard of; runs that wait: 1",
    ])
    expect(judged({}, [])).toEqual(["healthy"])
  })

  test("is as bad as the worst that is wrong with it", () => {
    expect(judged({ failed: 201, paused: true })[0]).toBe("critical")
  })
})
