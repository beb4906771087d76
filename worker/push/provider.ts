/** Who bring pushes, by the hosts that they do it at. */
const PROVIDERS = {
  apple: /(?:^|\.)push\.apple\.com$/,
  expo: /^exp\.host$/,
  google: /(?:^|\.)google(?:apis)?\.com$/,
  microsoft: /(?:^|\.)notify\.windows\.com$/,
  mozilla: /(?:^|\.)push\.services\.mozilla\.com$/,
} as const

/** Who brings pushes; who is none of those known is `other`: an endpoint is what a caller says it is. */
export const providers = [...(Object.keys(PROVIDERS) as (keyof typeof PROVIDERS)[]), "other"] as const

export type Provider = (typeof providers)[number]

/** Who brings pushes at a service, by the origin of its URLs. */
export function providerOf(service: string): Provider {
  const host = URL.canParse(service) ? new URL(service).hostname : ""
  return providers.find((name) => name !== "other" && PROVIDERS[name].test(host)) ?? "other"
}
