import { html, type Markup } from "../lib/html.ts"

const policyWith = (formAction: string) =>
  `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`

const style = {
  markup: `
    :root { color-scheme: light dark; --line: light-dark(#e4e2dd, #35332f); --soft: light-dark(#6b6760, #a39e94);
      --paper: light-dark(#fff, #211f1c); --link: light-dark(#0b57a4, #8fc1f7) }
    * { box-sizing: border-box }
    body { margin: 0 auto; max-width: 54rem; padding: 2rem 1rem; background: light-dark(#f7f6f3, #181714);
      font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
    a { color: var(--link) }
    h1 { margin: 0 0 1.25rem; font-size: 1.5rem; line-height: 1.25 }
    h1 small { color: var(--soft); font-weight: 400 }
    h2 { margin: 1.75rem 0 .5rem; color: var(--soft); font-size: .875rem; font-weight: 600 }
    nav { margin-bottom: 1rem }
    ul, dl, pre, iframe { margin: 0; border: 1px solid var(--line); border-radius: .5rem; background: var(--paper) }
    ul { padding: 0; list-style: none; overflow: hidden }
    li + li { border-top: 1px solid var(--line) }
    ul a { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; padding: .75rem 1rem;
      color: inherit; text-decoration: none }
    ul a:hover, ul a:focus-visible { background: light-dark(#f1efea, #2a2824) }
    ul strong { flex: 1 1 16rem; font-weight: 600 }
    ul span { flex-basis: 100% }
    span, time { color: var(--soft); font-size: .875rem }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; padding: .75rem 1rem }
    dt { color: var(--soft) }
    dd { margin: 0 }
    pre { padding: 1rem; font: .875rem/1.6 ui-monospace, monospace; white-space: pre-wrap }
    iframe { display: block; width: 100%; height: 75vh; background: #fff; color-scheme: light }`,
}

/** A page that runs no script and loads nothing; its forms, if it has any, go where it says. */
export function page(title: string, body: Markup, { formAction = "'none'" } = {}): Response {
  const { markup } = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>${style}</style>
  </head>
  <body>${body}</body>
</html>`
  return new Response(markup, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policyWith(formAction),
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  })
}
