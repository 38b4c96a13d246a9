// The pages of the interface: the menu, the palette and the keys are views of this list.

export const PAGES = [
  { path: '/discover', label: 'Discover', keywords: 'logs events search', key: 'd', icon: 'search' },
  {
    path: '/dev_tools/console',
    label: 'Console',
    keywords: 'dev tools requests elasticsearch api curl',
    key: 'c',
    icon: 'terminal',
  },
  {
    path: '/dev_tools/grokdebugger',
    label: 'Grok Debugger',
    keywords: 'dev tools pattern logstash expression',
    key: 'k',
    icon: 'pattern',
  },
] as const

export type PagePath = (typeof PAGES)[number]['path']

/** The console with a text in it. */
export const formatConsoleUrl = (text: string) => `/dev_tools/console?${new URLSearchParams({ load: text })}`
