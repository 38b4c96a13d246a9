import type { Action } from './action'

export const resetColumns: Action = {
  id: 'columns_reset',
  label: 'Choose the columns from the data',
  keywords: 'table default reset',
  run: context => context.resetColumns(),
}
