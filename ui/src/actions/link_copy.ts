import type { Action } from './action'

export const copyLink: Action = {
  id: 'link_copy',
  label: 'Copy a link to this view',
  keywords: 'share url',
  shortcut: 'y',
  run: context => context.copyLink(),
}
