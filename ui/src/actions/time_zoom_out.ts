import { texts } from '../texts/actions'
import type { Action, ViewContext } from './action'

export const zoomOut: Action<ViewContext> = {
  id: 'time_zoom_out',
  label: texts.zoomOut,
  keywords: texts.widerTimeRange,
  shortcut: 'z',
  run: context => context.zoomOut(),
}
