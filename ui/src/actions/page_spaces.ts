import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goSpaces: Action<GlobalContext> = {
  id: 'page_spaces',
  label: texts.goToSpaces,
  keywords: texts.pageManagementRoomsTeams,
  shortcut: 'g x',
  run: context => context.go('/management/spaces'),
}
