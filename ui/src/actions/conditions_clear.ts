import { texts } from '../texts/actions'
import type { Action } from './action'

export const clearConditions: Action = {
  id: 'conditions_clear',
  label: texts.clearTheSearchAndAll,
  keywords: texts.resetRemove,
  run: context => context.clearConditions(),
}
