import { Queue } from "bullmq"
import { Elysia } from "elysia"
import { v7 as uuidv7 } from "uuid"
import { securityHeaders } from "../../api/headers.ts"

const { hostname: host, port } = new URL(process.env.REDIS_URL!)
const queue = new Queue("email", { connection: { host, port: Number(port) }, prefix: "bare" })

// What every run of ours has (a priority, an id made at the door) and every answer (its headers), with nothing looked at.
new Elysia()
  .get("/health", () => "ok")
  .post("/api/jobs/email", async ({ body, set }) => {
    const { id } = await queue.add("email", (body as { data: unknown }).data, {
      jobId: uuidv7(),
      priority: 5,
    })
    set.status = 202
    Object.assign(set.headers, securityHeaders, { "x-request-id": crypto.randomUUID() })
    return { jobId: id, queue: "email", status: "enqueued", statusUrl: `/api/jobs/email/${id}` }
  })
  .listen(Number(process.env.PORT))
