import { html, type Markup } from "../../lib/html.ts"
import type { Locale } from "../../lib/locale.ts"
import { securityHeaders } from "../headers.ts"

/** A page runs nothing and loads nothing; its form goes back to where it came from. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const STYLE: Markup = {
  markup: `
    :root { color-scheme: light dark; --paper: light-dark(#fff, #211f1c); --soft: light-dark(#5c5850, #b3aea4);
      --ink: light-dark(#1d1b18, #f1efea); --action: light-dark(#0b57a4, #8fc1f7); --on-action: light-dark(#fff, #10263c) }
    * { box-sizing: border-box }
    body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
      background: light-dark(#f7f6f3, #181714); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
    main { width: 100%; max-width: 30rem; padding: 2rem 1.5rem; border-radius: .75rem; background: var(--paper) }
    h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25 }
    p { margin: 0 0 1rem }
    .soft { color: var(--soft) }
    form { margin: 1.5rem 0 0 }
    button { width: 100%; min-height: 3rem; padding: .75rem 1rem; border: 0; border-radius: .5rem; background: var(--action);
      color: var(--on-action); font: inherit; font-weight: 600; cursor: pointer }
    button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px }`,
}

interface Answer {
  status: number
  headers?: Record<string, string>
}

/** A page for people who have followed a link, on whatever screen. */
export function page(
  locale: Locale,
  title: string,
  content: Markup,
  { status, headers }: Answer = { status: 200 },
): Response {
  const { markup } = html`<!doctype html>
<html lang="${locale}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>${title}</title>
    <style>${STYLE}</style>
  </head>
  <body><main><h1>${title}</h1>${content}</main></body>
</html>`
  return new Response(markup, {
    status,
    headers: {
      ...headers,
      ...securityHeaders,
      "content-security-policy": POLICY,
      "content-type": "text/html; charset=utf-8",
    },
  })
}
