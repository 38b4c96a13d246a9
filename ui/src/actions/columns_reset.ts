import { texts } from '../texts/actions'
import type { Action } from './action'

export const resetColumns: Action = {
  id: 'columns_reset',
  label: texts.chooseTheColumns,
  keywords: texts.tableDefaultReset,
  run: context => context.resetColumns(),
}
