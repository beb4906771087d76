/** HTML that is safe to put into a page. */
export interface Markup {
  markup: string
}

type Value = string | number | Markup | Markup[]

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
}

/** HTML from a template: every value is escaped unless it is HTML itself. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Markup {
  return { markup: String.raw({ raw: parts }, ...values.map(render)) }
}

function render(value: Value): string {
  if (typeof value === "string" || typeof value === "number")
    return String(value).replace(/[&<>"']/g, (sign) => ESCAPES[sign]!)
  return [value]
    .flat()
    .map(({ markup }) => markup)
    .join("")
}
