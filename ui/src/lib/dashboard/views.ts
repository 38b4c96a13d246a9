// The data view that a chart is about.

import { texts } from '../../texts/boards'
import type { DataViewInfo } from '../savedobjects'

export interface Views {
  views: DataViewInfo[]
  /** The default one; null where there is none at all. */
  standard: DataViewInfo | null
}

const EVERYTHING: DataViewInfo = { id: '', name: texts.allIndices, title: '*', timeField: '@timestamp' }

/** By id, by pattern as TSVB names it, else the default one. */
export function viewOf(index: string | null, { views, standard }: Views): DataViewInfo {
  if (index === null) return standard ?? EVERYTHING
  const found = views.find(v => v.id === index) ?? views.find(v => v.title === index)
  return found ?? { id: index, name: index, title: index, timeField: '@timestamp' }
}
