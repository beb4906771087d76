import { cleanup } from "../../lib/jobs/cleanup.ts"
import { cleanUp } from "../cleanup/clean-up.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(cleanup, cleanUp)
