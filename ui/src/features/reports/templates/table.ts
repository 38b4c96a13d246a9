import type { Json } from '../../../lib/vis/json'
import { texts } from '../../../texts/reports'
import { statusOfService } from './status'
import { weeklyNumbers } from './weekly'

export interface Template {
  id: string
  name: string
  about: string
  /** The attributes of a `canvas-workpad`. */
  make: () => Json
}

export const TEMPLATES: readonly Template[] = [
  {
    id: 'status',
    name: texts.statusOfTheAiService,
    about: texts.aSlideCallsSpeedCost,
    make: statusOfService,
  },
  {
    id: 'weekly',
    name: texts.weeklyNumbers,
    about: texts.twoSheetsOfA4,
    make: weeklyNumbers,
  },
]
