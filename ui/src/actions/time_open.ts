import { texts } from '../texts/actions'
import type { Action, ViewContext } from './action'

export const openTimePicker: Action<ViewContext> = {
  id: 'time_open',
  label: texts.chooseATimeRange,
  keywords: texts.dateFromToRange,
  shortcut: 't',
  run: context => context.openTimePicker(),
}
