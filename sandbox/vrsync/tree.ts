import { SaxesParser } from "saxes"

/** An element of a document: its name, its namespace, its attributes, and what is in it. */
export interface Element {
  name: string
  namespace: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

/** A document of XML as a tree. Throws at whatever is not well-formed. */
export function parseXml(xml: string): Element {
  const parser = new SaxesParser({ xmlns: true, fragment: false })
  const open: Element[] = []
  let root: Element | undefined
  parser.on("error", (error) => {
    throw error
  })
  parser.on("opentag", ({ local, uri, attributes }) => {
    const given = Object.entries(attributes).map(([name, { value }]) => [name, value])
    const element = {
      name: local,
      namespace: uri,
      attributes: Object.fromEntries(given),
      children: [],
      text: "",
    }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on("closetag", () => void open.pop())
  const write = (text: string) => {
    const element = open.at(-1)
    if (element) element.text += text
  }
  parser.on("text", write)
  parser.on("cdata", write)
  parser.write(xml).close()
  if (!root) throw new Error("there is no element")
  return root
}

/** The elements of this name. */
export const childrenOf = ({ children }: Element, name: string) =>
  children.filter((child) => child.name === name)

/** The one element of this name, or none. */
export const childOf = (element: Element | undefined, name: string) => element && childrenOf(element, name)[0]

/** What stands in the one element of this name. */
export const textOf = (element: Element | undefined, name: string) => childOf(element, name)?.text
