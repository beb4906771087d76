import { cp, mkdir, symlink } from "node:fs/promises"
import { dirname, join } from "node:path"

const root = join(import.meta.dir, "..")

/** Copy the project as it would be committed now: what git tracks or would, and nothing it ignores. */
export async function copyProject(folder: string) {
  const list = Bun.spawn(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    stdout: "pipe",
  })
  const files = (await new Response(list.stdout).text()).split("\0").filter(Boolean)
  for (const file of files) {
    if (!(await Bun.file(join(root, file)).exists())) continue
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await cp(join(root, file), join(folder, file))
  }
}

/** Let a copy use the packages installed here. */
export const shareModules = (folder: string) =>
  symlink(join(root, "node_modules"), join(folder, "node_modules"))
