import { startNotaParana } from "../sandbox/nota-parana/simulator.ts"

// Nota Paraná's simulator as a process of its own; says where it is.
const [latency] = process.argv.slice(2).map(Number)
const { url, api } = startNotaParana({ latency: latency ?? 0 })
process.send?.({ url, api })
