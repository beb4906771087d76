import process from "node:process"
import { createClient } from "../../lib/client.ts"

/** Asks for a report, and answers with it if it is there within ten seconds, else with where to look for it. */
async function fetch(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  const { ESTEIRA_URL = "", ESTEIRA_API_KEY = "" } = process.env
  const esteira = createClient({ url: ESTEIRA_URL, key: ESTEIRA_API_KEY })

  const [, id] = /^\/reports\/([\w-]+)$/.exec(pathname) ?? []
  const asked = id
    ? { ok: true as const, value: { jobId: id } }
    : await esteira.enqueue("report", {
        type: "custom",
        content: ["prices"],
        startDate: searchParams.get("from") ?? "",
        endDate: searchParams.get("to") ?? "",
        format: "csv",
      })
  if (!asked.ok) return Response.json(asked.error, { status: asked.error.kind === "invalid" ? 400 : 503 })

  const { jobId } = asked.value
  const report = await esteira.wait("report", jobId, { within: 10_000, signal: request.signal })
  if (report.ok)
    return Response.json(report.value, { status: report.value.status === "completed" ? 200 : 500 })
  return Response.json({ ...report.error, look: `/reports/${jobId}` }, { status: 202 })
}

export default { fetch }
