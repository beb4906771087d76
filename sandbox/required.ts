/**
 * Whether something that tests may do without is there. When it is not, says so in one plain line;
 * where everything is required (`REQUIRE_ALL`), throws instead.
 */
export function required(name: string, found: unknown): boolean {
  if (found) return true
  if (process.env.REQUIRE_ALL)
    throw new Error(`${name} is missing here, and REQUIRE_ALL lets no test be skipped`)
  console.log(`${name} is missing here: the tests that need it are skipped`)
  return false
}
