import { useMutation } from '@tanstack/react-query'
import { ownSource } from '../../lib/dashboard/panels'
import { formatEditorUrl, parseEditorUrl } from '../../lib/vis/editor_url'
import type { Vis } from '../../lib/vis/model'
import { usualTitle } from '../../lib/vis/title'
import { navigate } from '../../state/navigate'
import { saveVis, useForgetSaved, withView } from './queries'
import type { Editor } from './useEditor'

export interface SaveChoice {
  title: string
  description: string
  /** Beside the one there is. */
  asNew: boolean
}

/** The ways to keep a chart: in the library, or in the panel that it was opened from. */
export function useSaving(editor: Editor) {
  const { board, source, saved, state, index, timeField } = editor
  const forget = useForgetSaved()
  /** The object of the library that this editor can change, or null. */
  const kept =
    source?.kind === 'library' && source.key.type === 'visualization' && saved?.made === null
      ? source.key.id
      : null
  const ready = (vis: Vis) => withView(vis, index ?? '*', timeField)

  const toLibrary = useMutation({
    mutationFn: async ({ vis, choice }: { vis: Vis; choice: SaveChoice }) => {
      const { pathname } = location
      const { title, description, asNew } = choice
      const whole = await ready({ ...vis, title, description })
      const old = asNew ? null : kept
      const object = await saveVis({
        vis: whole,
        id: old,
        version: old === null ? null : (saved?.version ?? null),
      })
      await forget()
      return { object, whole, pathname }
    },
    onSuccess: ({ object, whole, pathname }) => {
      // Whoever has left while it was saved is not called back.
      if (location.pathname !== pathname) return
      if (board) return board.put({ kind: 'library', key: { type: object.type, id: object.id } }, whole)
      // What was changed here is part of the chart now.
      navigate(formatEditorUrl({ ...parseEditorUrl(''), id: object.id, range: state.range }), {
        replace: true,
      })
    },
  })

  const back = useMutation({
    mutationFn: async (vis: Vis) => {
      if (board === null) return
      if (!editor.unsaved && board.panel !== null) return board.leave()
      if (kept !== null) {
        await saveVis({ vis: await ready(vis), id: kept, version: saved?.version ?? null })
        await forget()
        return board.leave()
      }
      const title =
        vis.title === '' && board.panel === null && vis.type !== 'markdown' ? usualTitle(vis) : vis.title
      const whole = await ready({ ...vis, title })
      board.put(ownSource(whole), whole)
    },
  })
  return { kept, toLibrary, back }
}
