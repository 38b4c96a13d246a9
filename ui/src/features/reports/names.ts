// What elements are called: by what they draw, and by their own words.

import { type Expression, isExpression, parseExpression } from '../../lib/canvas/expression'
import type { Element } from '../../lib/canvas/model'
import { texts } from '../../texts/reports'

const KINDS: Record<string, string> = {
  markdown: texts.text,
  metric: texts.number,
  image: texts.image,
  shape: texts.shape,
  progress: texts.progress,
  table: texts.table,
  plot: texts.chart,
  pie: texts.pie,
  savedVisualization: texts.savedChart,
  savedLens: texts.savedChart,
  savedSearch: texts.savedSearch,
  embeddable: texts.savedChart,
  timefilterControl: texts.time,
}

/** The function that says what is drawn, and the kind's name. */
export function kindOf({ calls }: Expression): { call: string; label: string } {
  const found = calls.findLast(c => Object.hasOwn(KINDS, c.name))
  const call = found?.name ?? calls.at(-1)?.name ?? ''
  return { call, label: KINDS[call] ?? texts.element }
}

/** "Number: Conversations" */
export function elementName({ expression }: Pick<Element, 'expression'>): string {
  try {
    const parsed = parseExpression(expression)
    const { call, label } = kindOf(parsed)
    const found = parsed.calls.find(c => c.name === call)
    const text = found?.args.find(
      a =>
        (a.name === null || a.name === 'content' || a.name === 'label' || a.name === 'shape') &&
        !isExpression(a.value),
    )?.value
    const words = String(text ?? '')
      .replace(/[#*_`>[\]]/g, '')
      .trim()
      .split('\n')[0]
    return words ? `${label}: ${words.slice(0, 40)}` : label
  } catch {
    return texts.elementThatCannotBeRead
  }
}
