import { required } from "./required.ts"

const openpyxl = ["/usr/bin/python3", "-c", "import openpyxl"]

/** Programs that read what ours have written, where they are installed. */
export const readers = {
  libreOffice: required("LibreOffice Calc (soffice)", Bun.which("soffice")),
  openpyxl: required("openpyxl of Debian's Python", succeeds(openpyxl)),
  unzip: required("unzip", Bun.which("unzip")),
}

/** What a program says; throws with what it complains of. */
export async function outputOf(command: string[]): Promise<string> {
  const { exited, stdout, stderr } = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" })
  const [code, said, complaint] = await Promise.all([
    exited,
    new Response(stdout).text(),
    new Response(stderr).text(),
  ])
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}: ${complaint || said}`)
  return said
}

/** Each sheet of a workbook as LibreOffice shows it, as CSV with `;`, by the name of the sheet. */
export async function asLibreOfficeShows(path: string, folder: string): Promise<Record<string, string>> {
  // Fields as shown, UTF-8, all sheets: https://help.libreoffice.org/latest/en-US/text/shared/guide/csv_params.html
  const filter = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,true,false,false,-1"
  const said = await outputOf([
    "soffice",
    `-env:UserInstallation=file://${folder}/profile`,
    "--headless",
    "--convert-to",
    filter,
    "--outdir",
    folder,
    path,
  ])
  const sheets: Record<string, string> = {}
  for (const [, sheet, file] of said.matchAll(/^Writing sheet (.*) -> (.*)$/gm))
    sheets[sheet!] = await Bun.file(file!).text()
  return sheets
}

/** The answer of a few lines of Python that know a workbook as `book`, and print JSON. */
export const asOpenpyxlReads = async (path: string, lines: string): Promise<unknown> =>
  JSON.parse(
    await outputOf([
      "/usr/bin/python3",
      "-c",
      `import json, sys, openpyxl\nbook = openpyxl.load_workbook(sys.argv[1])\n${lines}`,
      path,
    ]),
  )

function succeeds(command: string[]): boolean {
  return Bun.which(command[0]!) !== null && Bun.spawnSync(command).exitCode === 0
}
