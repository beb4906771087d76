import { z } from "zod"
import { type Failures, failureSchema } from "./failures.ts"
import type { Requests } from "./requests.ts"
import type { Wall } from "./wall.ts"

const wallSchema = z.strictObject({ after: z.int().min(0).nullable() })

type Handler = (request: Request) => Response | Promise<Response>

/** The routes of `/sandbox`, by which tests in other processes, and people, see what was asked and say what goes wrong. */
export function createControls(requests: Requests, failures: Failures, wall: Wall) {
  const nothing = () => new Response(null, { status: 204 })

  return {
    requests: {
      GET: () => Response.json(requests.list),
      DELETE: () => {
        requests.forget()
        return nothing()
      },
    },
    failures: {
      GET: () => Response.json(failures.pending()),
      POST: taking(failureSchema, (failure) => {
        failures.add(failure)
        return Response.json(failures.pending(), { status: 201 })
      }),
      DELETE: () => {
        failures.clear()
        return nothing()
      },
    },
    wall: {
      GET: () => Response.json({ after: wall.after }),
      PUT: taking(wallSchema, ({ after }) => {
        wall.move(after)
        return Response.json({ after })
      }),
    },
  } satisfies Record<string, Record<string, Handler>>
}

/** A route that takes JSON of this form, and says what is wrong with other. */
function taking<Schema extends z.ZodType>(
  schema: Schema,
  act: (body: z.output<Schema>) => Response,
): Handler {
  return async (request) => {
    const body = await request.json().catch(() => undefined)
    const { data, error } = schema.safeParse(body)
    return error ? Response.json({ error: z.prettifyError(error) }, { status: 422 }) : act(data)
  }
}
