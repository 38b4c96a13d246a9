import type { ActionContext } from '../../actions/action'
import { shortcutKeys } from '../../actions/shortcuts'
import { ACTIONS } from '../../actions/table'
import type { PaletteItem } from '../../components/Palette'
import { QUICK_RANGES } from '../../lib/time/range'
import { texts } from '../../texts/discover'
import type { Discover } from './useDiscover'
import type { Edits } from './useEdits'

/** Everything that the palette finds: commands, then times, index patterns and fields. */
export function paletteItems(
  context: ActionContext,
  discover: Discover,
  edits: Edits,
  mac: boolean,
): PaletteItem[] {
  const { update, patterns, fields } = discover
  return [
    ...ACTIONS.filter(a => a.id !== 'palette_open').map(action => ({
      id: action.id,
      label: action.label,
      kind: texts.command,
      keywords: action.keywords,
      ...(action.shortcut && { keys: shortcutKeys(action.shortcut, mac) }),
      run: () => action.run(context),
    })),
    ...QUICK_RANGES.map(({ label, from, to }) => ({
      id: `time ${label}`,
      label,
      kind: texts.time,
      run: () => update({ range: { from, to } }),
    })),
    ...patterns.map(({ pattern }) => ({
      id: `index ${pattern}`,
      label: pattern === '*' ? texts.allIndices : pattern,
      kind: texts.indexPatternWord,
      run: () => update({ index: pattern, columns: null, breakdown: 'auto' }),
    })),
    ...fields.map(({ name }) => ({
      id: `field ${name}`,
      label: name,
      kind: texts.fieldColumnOnOrOff,
      run: () => edits.toggleColumn(name),
    })),
  ]
}
