import postgres from "postgres"
import { fill } from "./backup-data.ts"
const admin = postgres(process.env.DIRECT_URL!, { max: 1, onnotice: () => undefined })
await admin.unsafe("drop database if exists big"); await admin.unsafe(`create database big template template0`)
const url = Object.assign(new URL(process.env.DIRECT_URL!), { pathname: "/big" }).href
const sql = postgres(url, { max: 1, onnotice: () => undefined })
await fill(sql, 1000)
console.log("filled")
process.exit(0)
