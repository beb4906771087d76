const managers = [
  {
    update: "apt-get update",
    add: "apt-get install -y --no-install-recommends",
    names: ["redis-server"],
    root: true,
  },
  { update: "true", add: "apk add", names: ["redis", "valkey"], root: true },
  { update: "true", add: "dnf install -y", names: ["valkey", "redis"], root: true },
  { update: "true", add: "brew install", names: ["redis"], root: false },
]

/** How Redis is installed on this system: what to advise, and the command for it that we may run, if there is one. */
export function redisInstaller(path: string): { advice: string; command: string[] | undefined } {
  const find = (name: string) => Bun.which(name, { PATH: path })
  const manager = managers.find(({ add }) => find(add.split(" ")[0] ?? add))
  if (!manager) return { advice: "install redis-server or valkey-server", command: undefined }

  const { update, add, names, root } = manager
  const isRoot = process.getuid?.() === 0
  const sudo = find("sudo")
  const prefix = root === isRoot ? [] : root && sudo ? [sudo, "-n"] : undefined
  const script = `${update}; ${names.map((name) => `${add} ${name}`).join(" || ")}`
  // Debian starts no service in single-user mode.
  const command = ["env", `PATH=${path}`, "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "sh", "-c", script]
  return {
    advice: `run \`${root && !isRoot ? "sudo " : ""}${add} ${names[0]}\``,
    command: prefix && [...prefix, ...command],
  }
}
