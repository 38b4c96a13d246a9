import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goReports: Action<GlobalContext> = {
  id: 'page_reports',
  label: texts.goToReports,
  keywords: texts.pageCanvasWorkpadPrintPdf,
  shortcut: 'g r',
  run: context => context.go('/reports'),
}
