import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import { formatCount } from '../../lib/numbers'
import type { PagePath } from '../../lib/pages'
import { Choice, FindBox, ListPage, ListTotal } from '../../shell/ListPage'
import { Answered, Nothing } from '../../shell/States'
import { navigate, useSearch } from '../../state/navigate'
import { texts } from '../../texts/management'
import { DefinitionEditor } from './DefinitionEditor'
import { type Definition, type DefinitionKind, definitions, PLACES } from './definitions'

interface Props {
  path: PagePath
  kinds: readonly DefinitionKind[]
  columns: DataColumn<Definition>[]
  /** What can be tried with a definition, under its text. */
  trial: (kind: DefinitionKind, text: string) => ReactNode
}

/** The name that stands for one that is not stored yet. */
const NEW = ' '

/** Definitions by kind and name: a list, and the JSON of one. */
export function DefinitionsPage({ path, kinds, columns, trial }: Props) {
  const params = new URLSearchParams(useSearch())
  const kind = kinds.find(k => k === params.get('kind')) ?? (kinds[0] as DefinitionKind)
  const open = params.get('open')
  const [find, setFind] = useState('')
  const go = (next: { kind?: DefinitionKind; open?: string | null }) => {
    const query = new URLSearchParams()
    if ((next.kind ?? kind) !== kinds[0]) query.set('kind', next.kind ?? kind)
    if (next.open) query.set('open', next.open)
    navigate(query.size > 0 ? `${path}?${query}` : path)
  }
  const found = useQuery({
    queryKey: ['manage', 'definitions', kind],
    queryFn: ({ signal }) => definitions(kind, signal),
  })
  const { data } = found
  const place = PLACES[kind]
  const shown = (data ?? []).filter(d => d.name.toLowerCase().includes(find.trim().toLowerCase()))
  const chosen = open === NEW ? { name: '', body: null } : data?.find(d => d.name === open)
  const commands = [
    { id: 'new', label: texts.newOne(place.one), kind: texts.management, run: () => go({ open: NEW }) },
    ...(data ?? []).map(d => ({
      id: d.name,
      label: d.name,
      kind: place.one,
      run: () => go({ open: d.name }),
    })),
  ]
  return (
    <ListPage
      path={path}
      commands={commands}
      title={place.label}
      edited
      tools={
        <>
          {kinds.length > 1 && (
            <Choice
              label={texts.kind}
              options={kinds.map(k => [k, PLACES[k].label] as const)}
              current={kind}
              onChange={k => go({ kind: k })}
            />
          )}
          <FindBox label={texts.findByName} value={find} onChange={setFind} />
          <ListTotal>
            {data &&
              `${formatCount(shown.length)} ${shown.length === 1 ? place.one : place.label.toLowerCase()}`}
          </ListTotal>
          <button type="button" className="button small outlined" onClick={() => go({ open: NEW })}>
            <Icon name="plus" size={12} /> {texts.new}
          </button>
        </>
      }
      detail={
        chosen ? (
          <DefinitionEditor
            key={`${kind} ${open}`}
            kind={kind}
            name={chosen.name}
            written={chosen.body === null ? place.start : JSON.stringify(chosen.body, null, 2)}
            trial={trial}
            onStored={name => go({ open: name })}
            onClose={() => go({ open: null })}
          />
        ) : null
      }
    >
      <Answered query={found} title={texts.theListDidNotCome}>
        {() =>
          shown.length === 0 ? (
            <Nothing title={find ? texts.noneHasThisName : texts.thereIsNone(place.one)}>
              <p>{texts.newBeginsWithAnExample}</p>
            </Nothing>
          ) : (
            <DataTable
              label={place.label}
              columns={columns}
              rows={shown}
              keyOf={d => d.name}
              selected={open}
              onSelect={d => go({ open: d.name })}
            />
          )
        }
      </Answered>
    </ListPage>
  )
}
