import type { Json } from '../../../lib/vis/json'
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
    name: 'Status of the AI service',
    about: 'A slide: calls, speed, cost, failures and models of the last day.',
    make: statusOfService,
  },
  {
    id: 'weekly',
    name: 'Weekly numbers',
    about: 'Two sheets of A4 to hand round: use, cost, tools and their health.',
    make: weeklyNumbers,
  },
]
