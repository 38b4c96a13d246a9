import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goSavedObjects: Action<GlobalContext> = {
  id: 'page_saved_objects',
  label: texts.goToSavedObjects,
  keywords: texts.pageManagementImport,
  shortcut: 'g o',
  run: context => context.go('/management/saved_objects'),
}
