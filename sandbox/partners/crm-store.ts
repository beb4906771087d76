import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** A thing that the CRM keeps; `change` counts all changes there have been, and is that of its last. */
export interface CrmItem {
  id: string
  change: number
  deleted: boolean
  data: Record<string, unknown>
}

interface State {
  changes: number
  made: number
  /** Changes before this one are no longer known in order: a cursor before it is too old. */
  horizon: number
  collections: Record<string, CrmItem[]>
  answered: Record<string, string>
}

/** What the CRM keeps; with a folder, also when it is started again. */
export function createCrmStore(dataDir?: string) {
  const file = dataDir && join(dataDir, "crm.json")
  const state: State =
    file && existsSync(file)
      ? JSON.parse(readFileSync(file, "utf8"))
      : { changes: 0, made: 0, horizon: 0, collections: {}, answered: {} }

  const save = () => {
    if (!file) return
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(`${file}.new`, JSON.stringify(state))
    renameSync(`${file}.new`, file)
  }
  const of = (collection: string) => {
    state.collections[collection] ??= []
    return state.collections[collection]
  }
  const find = (collection: string, id: string) => of(collection).find((item) => item.id === id)

  return {
    state,
    of,
    find,
    /** Make a thing, or give the one of this id other data. */
    put(collection: string, data: Record<string, unknown>, id?: string): CrmItem {
      state.changes += 1
      const known = id === undefined ? undefined : find(collection, id)
      if (!known) state.made += 1
      const item = known ?? { id: id ?? `crm-${state.made}`, change: 0, deleted: false, data }
      if (!known) of(collection).push(item)
      Object.assign(item, { change: state.changes, deleted: false, data })
      save()
      return item
    },
    remove(collection: string, id: string) {
      const item = find(collection, id)
      if (!item) return
      state.changes += 1
      Object.assign(item, { change: state.changes, deleted: true })
      save()
    },
    /** Forget in which order things were, and of what was deleted that it was: cursors of before are too old. */
    forget() {
      state.horizon = state.changes
      for (const [name, items] of Object.entries(state.collections))
        state.collections[name] = items.filter(({ deleted }) => !deleted)
      save()
    },
    remember(key: string, id: string) {
      state.answered[key] = id
      save()
    },
  }
}

export type CrmStore = ReturnType<typeof createCrmStore>
