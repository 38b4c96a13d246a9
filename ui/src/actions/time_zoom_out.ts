import type { Action } from './action'

export const zoomOut: Action = {
  id: 'time_zoom_out',
  label: 'Zoom out',
  keywords: 'wider time range',
  shortcut: 'z',
  run: context => context.zoomOut(),
}
