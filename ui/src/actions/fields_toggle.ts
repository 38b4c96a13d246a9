import { toggleFieldList } from '../state/fieldlist'
import { texts } from '../texts/actions'
import type { Action } from './action'

export const switchFieldList: Action = {
  id: 'fields_toggle',
  label: texts.showOrHideTheFields,
  keywords: texts.sidebarFieldList,
  shortcut: 'b',
  run: toggleFieldList,
}
