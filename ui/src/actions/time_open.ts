import type { Action, ViewContext } from './action'

export const openTimePicker: Action<ViewContext> = {
  id: 'time_open',
  label: 'Choose a time range',
  keywords: 'date from to range',
  shortcut: 't',
  run: context => context.openTimePicker(),
}
