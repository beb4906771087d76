import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { required } from "./required.ts"

/** Whether Poppler's tools are there, which read PDF; says so when they are not. */
export const hasPoppler = required("Poppler (pdftotext, pdftoppm, pdfinfo)", Bun.which("pdftoppm"))

/** What one of the tools prints about a PDF: `pdftotext`, `pdfinfo`. */
export const askPoppler = (tool: "pdftotext" | "pdfinfo", pdf: Uint8Array, ...options: string[]) =>
  withFile(pdf, (path) => run([tool, ...options, path, ...(tool === "pdftotext" ? ["-"] : [])]))

/** A page of a PDF as a grey PNG, as a printer without colours has it. */
export const pictureOf = (pdf: Uint8Array, page: number, resolution = 50) =>
  withFile(pdf, async (path, folder) => {
    const to = join(folder, "page")
    const only = ["-f", String(page), "-l", String(page), "-singlefile"]
    await run(["pdftoppm", "-png", "-gray", "-r", String(resolution), ...only, path, to])
    return new Uint8Array(await readFile(`${to}.png`))
  })

/** A page of a PDF as pixels, four bytes each: red, green, blue, and 255. */
export const pixelsOf = (pdf: Uint8Array, page: number, { resolution }: { resolution: number }) =>
  withFile(pdf, async (path, folder) => {
    const to = join(folder, "page")
    const options = ["-f", String(page), "-l", String(page), "-singlefile", "-r", String(resolution)]
    await run(["pdftoppm", ...options, path, to])
    // A portable pixmap: `P6 <width> <height> 255`, then three bytes a pixel.
    const file = await readFile(`${to}.ppm`)
    const [head, width, height] = /^P6\s(\d+)\s(\d+)\s255\s/.exec(file.toString("latin1", 0, 40))!
    const data = new Uint8ClampedArray(Number(width) * Number(height) * 4).fill(255)
    for (let at = 0, from = head.length; from < file.length; at += 4, from += 3)
      data.set(file.subarray(from, from + 3), at)
    return { data, width: Number(width), height: Number(height) }
  })

async function withFile<T>(pdf: Uint8Array, act: (path: string, folder: string) => Promise<T>) {
  const folder = await mkdtemp(join(tmpdir(), "esteira-pdf-"))
  try {
    const path = join(folder, "document.pdf")
    await Bun.write(path, pdf)
    return await act(path, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function run(command: string[]): Promise<string> {
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" })
  const [output, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  // A PDF with something wrong in it is read all the same, with a complaint.
  if (child.exitCode !== 0 || complaint) throw new Error(`${command[0]}: ${complaint || child.exitCode}`)
  return output
}
