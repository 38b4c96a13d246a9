import { useCallback, useState } from 'react'
import { getObject } from '../../api/saved'
import type { Panel } from '../../lib/dashboard/model'
import { changePanel } from '../../lib/dashboard/panels'
import { texts } from '../../texts/dashboards'
import type { DashboardPageState } from './useDashboard'

/** Gives a panel a copy of its own of what it shows of the library: changes of either leave the other as it is. */
export function useUnlink({ edit }: Pick<DashboardPageState, 'edit'>) {
  const [fault, setFault] = useState<string | null>(null)
  const unlink = useCallback(
    async (panel: Panel, title: string) => {
      if (panel.source.kind !== 'library') return
      setFault(null)
      try {
        const { type, attributes, references } = await getObject(panel.source.key)
        edit(
          d => changePanel(d, panel.id, { source: { kind: 'own', type, attributes, references } }),
          texts.belongsToThisDashboard(title),
        )
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        setFault(texts.wasNotUnlinked(title, reason))
      }
    },
    [edit],
  )
  return { fault, unlink }
}
