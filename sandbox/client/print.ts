import { runCases } from "./cases.ts"

// For Node and Deno: the world comes as an argument, and what came of the cases is printed.
console.log(JSON.stringify(await runCases(JSON.parse(process.argv[2]!))))
