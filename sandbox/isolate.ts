import { Miniflare } from "miniflare"

/** An edge isolate (workerd) with this module, which must be one file that imports nothing. */
export async function startIsolate(script: string, bindings: Record<string, string> = {}) {
  // The oldest that hosts still give to new projects: nothing of Node.
  const miniflare = new Miniflare({ modules: true, script, bindings, compatibilityDate: "2024-11-11" })
  const url = (await miniflare.ready).href
  return { url, stop: () => miniflare.dispose() }
}
