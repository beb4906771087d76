import { boot } from "../lib/boot.ts"
import { migrate } from "./migrate.ts"
import { directSession } from "./pool.ts"

await boot(async () => {
  const session = directSession()
  const applied = await migrate(session).finally(() => session.end())
  console.log(applied.length ? `Applied ${applied.join(", ")}` : "Nothing to migrate")
})
