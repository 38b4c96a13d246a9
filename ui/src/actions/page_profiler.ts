import type { Action, GlobalContext } from './action'

export const goProfiler: Action<GlobalContext> = {
  id: 'page_profiler',
  label: 'Go to Query Profiler',
  keywords: 'page dev tools profile slow search time',
  shortcut: 'g q',
  run: context => context.go('/dev_tools/profiler'),
}
