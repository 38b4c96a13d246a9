import { texts } from '../texts/actions'
import type { Action } from './action'

export const copyLink: Action = {
  id: 'link_copy',
  label: texts.copyALink,
  keywords: texts.shareUrl,
  shortcut: 'y',
  run: context => context.copyLink(),
}
