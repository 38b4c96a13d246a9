import { useQuery } from '@tanstack/react-query'
import { findObjects } from '../api/saved'
import { Palette, type PaletteItem } from '../components/Palette'
import { savedUrl } from '../lib/pages'
import { titleOf } from '../lib/savedobjects'
import { SPACE } from '../lib/space'
import { navigate } from '../state/navigate'
import { wayTo } from '../state/places'
import { askInDiscover } from '../state/question'
import { texts } from '../texts/shell'
import { openSpace, useSpaces } from './spaces'

const KINDS: Record<string, string> = {
  search: texts.savedSearch,
  dashboard: 'dashboard',
  visualization: texts.visualization,
  'index-pattern': texts.dataView,
}

/** As many as the server lists at a time; a title takes about as much room as a command. */
const MAX_OBJECTS = 10_000

/** The palette with everything that can be opened and is saved, looked up when it opens. */
export function CommandPalette({ items, onClose }: { items: PaletteItem[]; onClose: () => void }) {
  const { data, error } = useQuery({
    queryKey: ['palette'],
    queryFn: ({ signal }) =>
      findObjects({ types: Object.keys(KINDS), fields: ['title', 'name'], perPage: MAX_OBJECTS }, signal),
  })
  const saved = (data?.objects ?? []).flatMap(object => {
    const url = savedUrl(object)
    const { title, name } = object.attributes
    return url === null
      ? []
      : {
          id: `saved ${object.type}:${object.id}`,
          // The title of a data view is its pattern.
          label: typeof name === 'string' && name !== '' ? name : titleOf(object),
          kind: KINDS[object.type] ?? object.type,
          ...(typeof title === 'string' && { keywords: title }),
          run: () => navigate(url),
        }
  })
  const spaces = useSpaces().data ?? []
  const others = spaces
    .filter(space => space.id !== SPACE)
    .map(space => ({
      id: `space ${space.id}`,
      label: space.name,
      kind: texts.spaceWord,
      keywords: texts.spaceId(space.id),
      run: () => openSpace(space.id, '/discover'),
    }))
  return (
    <Palette
      items={[...items, ...others, ...saved.sort((a, b) => a.label.localeCompare(b.label))]}
      note={error ? texts.whatIsSavedDidNotCome(error.message) : null}
      typed={question}
      onClose={onClose}
    />
  )
}

/** Two words or more can be a question about the events; Discover reads it. */
function question(text: string): PaletteItem | null {
  const asked = text.trim().replace(/^\?\s*/, '')
  if (!/\S\s+\S/.test(asked)) return null
  return {
    id: 'ask',
    label: `? ${asked}`,
    kind: texts.askDiscoverInPlainWords,
    run: () => {
      askInDiscover(asked)
      if (!location.pathname.endsWith('/discover')) navigate(wayTo('/discover'))
    },
  }
}
