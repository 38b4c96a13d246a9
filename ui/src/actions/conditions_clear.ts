import type { Action } from './action'

export const clearConditions: Action = {
  id: 'conditions_clear',
  label: 'Clear the search and all filters',
  keywords: 'reset remove',
  run: context => context.clearConditions(),
}
