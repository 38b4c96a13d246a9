import type { Action } from './action'

export const openTimePicker: Action = {
  id: 'time_open',
  label: 'Choose a time range',
  keywords: 'date from to range',
  shortcut: 't',
  run: context => context.openTimePicker(),
}
