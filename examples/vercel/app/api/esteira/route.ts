import { verifyCallback } from "../../../../../lib/client.ts"

export const runtime = "edge"

/** Hears what became of mails that were asked for with this route as their `callbackUrl`. */
export async function POST(request: Request) {
  const callback = await verifyCallback<"email">(request, process.env.ESTEIRA_CALLBACK_SECRET!)
  if (!callback.ok) return Response.json({ error: callback.error.message }, { status: 401 })

  const { type, data } = callback.value.body
  if (type === "run.failed") console.error(`Mail ${data.jobId} has failed: ${data.failedReason}`)
  return new Response(null, { status: 204 })
}
