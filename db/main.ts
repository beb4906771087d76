import { boot } from "../lib/boot.ts"
import { migrateConfigured } from "./migrate.ts"

await boot(async () => {
  const applied = await migrateConfigured()
  console.log(applied.length ? `Applied ${applied.join(", ")}` : "Nothing to migrate")
})
