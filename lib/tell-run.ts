import type { JobDefinition } from "./jobs/define.ts"
import { redact } from "./redact.ts"
import type { RunStatus } from "./runs.ts"
import { createTell } from "./tell.ts"
import { tellAll } from "./tell-all.ts"

/** A run without the personal data that its job's schemas mark, also where a text mentions it. */
export function tellRun<Run extends RunStatus & { stacktrace?: string[]; logs?: string[] }>(
  { payload, result }: JobDefinition,
  run: Run,
): Run {
  const tell = createTell(payload, run.data)
  const { stage, message, percentage } = run.progress
  return {
    ...run,
    name: tell(run.name),
    data: tellAll(redact(payload, run.data), tell),
    progress: { percentage, stage: tell(stage), message: tell(message) },
    returnValue: tellAll(redact(result, run.returnValue) ?? null, tell),
    failedReason: run.failedReason === null ? null : tell(run.failedReason),
    ...(run.stacktrace && { stacktrace: run.stacktrace.map(tell) }),
    ...(run.logs && { logs: run.logs.map(tell) }),
  }
}
