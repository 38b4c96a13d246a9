import type { Action, GlobalContext } from './action'

export const goSavedObjects: Action<GlobalContext> = {
  id: 'page_saved_objects',
  label: 'Go to Saved objects',
  keywords: 'page management import export kibana ndjson',
  shortcut: 'g o',
  run: context => context.go('/management/saved_objects'),
}
