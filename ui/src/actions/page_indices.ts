import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goIndices: Action<GlobalContext> = {
  id: 'page_indices',
  label: texts.goToIndices,
  keywords: texts.pageManagementDataStreams,
  shortcut: 'g i',
  run: context => context.go('/management/indices'),
}
