import { keepOutbox } from "../../worker/outbox/keep.ts"
import { parcel } from "./job.ts"

// A relay and nothing else, to be killed.
keepOutbox([parcel])
console.log("relaying")
