import type { Action, ViewContext } from './action'

export const zoomOut: Action<ViewContext> = {
  id: 'time_zoom_out',
  label: 'Zoom out',
  keywords: 'wider time range',
  shortcut: 'z',
  run: context => context.zoomOut(),
}
