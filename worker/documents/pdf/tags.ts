import type { Pdf } from "./document.ts"
import type { Reference } from "./internals.ts"

/** An element of the document's structure, with what it holds so far. */
export interface Element {
  reference: Reference
  kids: Reference[]
}

/**
 * The structure that a screen reader follows (ISO 32000-1, 14.7). pdfkit's own keeps every element until the end;
 * here one is written as soon as it is whole, so that a long table costs no more memory than a short one.
 */
export function createTags(doc: Pdf) {
  let parents: Reference[] = []
  const root = doc.getStructTreeRoot()
  const top = open("Document", { reference: root, kids: [] })
  Object.assign(root.data, { K: [top.reference] })

  function open(tag: string, parent: Element = top, attributes?: Record<string, unknown>): Element {
    const reference = doc.ref({
      Type: "StructElem",
      S: tag,
      P: parent.reference,
      ...(attributes && { A: attributes }),
    })
    parent.kids.push(reference)
    return { reference, kids: [] }
  }

  function close({ reference, kids }: Element) {
    reference.data.K = kids
    write(reference)
  }

  return {
    /** Begin an element that holds others; close it. */
    open,
    close,
    /** An element of what is drawn meanwhile, all on this page. */
    mark(tag: string, draw: () => void, parent: Element = top, more: Record<string, unknown> = {}) {
      const number = parents.length
      doc.addContent(`/${tag} <</MCID ${number}>> BDC`)
      draw()
      doc.addContent("EMC")
      const reference = doc.ref({
        Type: "StructElem",
        S: tag,
        P: parent.reference,
        Pg: doc.page.dictionary,
        K: number,
        ...more,
      })
      write(reference)
      parent.kids.push(reference)
      parents.push(reference)
    },
    /** What is drawn meanwhile is not read out: rules, and what each page repeats. */
    artifact(draw: () => void) {
      doc.addContent("/Artifact BMC")
      draw()
      doc.addContent("EMC")
    },
    /** The page is full: write where its parts belong. */
    endPage() {
      const list = doc.ref(parents as never)
      write(list)
      doc.getStructParentTree().add(doc.page.structParentTreeKey, list)
      parents = []
    },
    end: () => close(top),
  }
}

/** What is written is not kept: others refer to its number alone. */
function write(reference: Reference) {
  reference.end()
  reference.data = {}
}

export type Tags = ReturnType<typeof createTags>
