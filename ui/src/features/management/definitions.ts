// Templates and ingest pipelines: kinds of definitions with names, kept by the REST API as JSON.

import { JsonText, send } from '../../api/client'
import { object } from '../../api/schemas/shape'
import { texts } from '../../texts/management'

export const TEMPLATE_KINDS = ['index', 'component', 'legacy'] as const
export type TemplateKind = (typeof TEMPLATE_KINDS)[number]
export type DefinitionKind = TemplateKind | 'ingest'

export interface Definition {
  name: string
  body: Record<string, unknown>
}

interface Place {
  path: string
  /** The member of the answer that has the list, and that of an entry that has the definition; null for an object by name. */
  list: readonly [string, string] | null
  label: string
  one: string
  /** What a new one begins as. */
  start: string
}

export const PLACES: Record<DefinitionKind, Place> = {
  index: {
    path: '/_index_template',
    list: ['index_templates', 'index_template'],
    label: texts.indexTemplates,
    one: texts.indexTemplate,
    start: `{
  "index_patterns": ["logs-app-*"],
  "priority": 200,
  "template": {
    "settings": { "number_of_replicas": 0 },
    "mappings": {
      "properties": {
        "level": { "type": "keyword" }
      }
    }
  }
}`,
  },
  component: {
    path: '/_component_template',
    list: ['component_templates', 'component_template'],
    label: texts.componentTemplates,
    one: texts.componentTemplate,
    start: `{
  "template": {
    "mappings": {
      "properties": {
        "level": { "type": "keyword" }
      }
    }
  }
}`,
  },
  legacy: {
    path: '/_template',
    list: null,
    label: texts.legacyTemplates,
    one: texts.legacyTemplate,
    start: `{
  "index_patterns": ["logs-old-*"],
  "order": 0,
  "mappings": {
    "properties": {
      "level": { "type": "keyword" }
    }
  }
}`,
  },
  ingest: {
    path: '/_ingest/pipeline',
    list: null,
    label: texts.ingestPipelines,
    one: texts.ingestPipeline,
    start: `{
  "description": "",
  "processors": [
    { "set": { "field": "handled", "value": true } }
  ]
}`,
  },
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

/** All definitions of a kind, by name. */
export async function definitions(kind: DefinitionKind, signal?: AbortSignal): Promise<Definition[]> {
  const { path, list } = PLACES[kind]
  const answer = object(await send('GET', path, null, signal), path)
  const found = list
    ? (Array.isArray(answer[list[0]]) ? (answer[list[0]] as unknown[]) : []).map(one => ({
        name: String(asObject(one).name),
        body: asObject(asObject(one)[list[1]]),
      }))
    : Object.entries(answer).map(([name, body]) => ({ name, body: asObject(body) }))
  return found.toSorted((a, b) => a.name.localeCompare(b.name))
}

const one = (kind: DefinitionKind, name: string) => `${PLACES[kind].path}/${encodeURIComponent(name)}`

export const store = (kind: DefinitionKind, name: string, text: string) =>
  send('PUT', one(kind, name), new JsonText(text))

export const remove = (kind: DefinitionKind, name: string) => send('DELETE', one(kind, name), null)

/** What an index would get from an index template, with those it is composed of. */
export const simulateTemplate = async (text: string) =>
  object(await send('POST', '/_index_template/_simulate', new JsonText(text)), '_simulate')

export interface ProcessorStep {
  kind: string
  tag: string
  /** success, error, error_ignored, skipped, dropped */
  status: string
  error: string
  source: Record<string, unknown> | null
}

/** What an ingest pipeline makes of documents: for each, its steps. */
export async function simulateIngest(pipeline: string, documents: unknown[]): Promise<ProcessorStep[][]> {
  const docs = JSON.stringify(documents.map(_source => ({ _source })))
  const body = new JsonText(`{"pipeline":${pipeline},"docs":${docs}}`)
  const answer = object(await send('POST', '/_ingest/pipeline/_simulate?verbose=true', body), '_simulate')
  return (Array.isArray(answer.docs) ? answer.docs : []).map(doc => {
    const results = asObject(doc).processor_results
    return (Array.isArray(results) ? results : []).map(raw => {
      const step = asObject(raw)
      const failed = asObject(step.error ?? asObject(step.ignored_error).error)
      const document = step.doc === undefined ? null : asObject(step.doc)
      return {
        kind: String(step.processor_type ?? ''),
        tag: String(step.tag ?? ''),
        status: String(step.status ?? 'success'),
        error: String(failed.reason ?? ''),
        source: document && asObject(document._source),
      }
    })
  })
}

/** What is wrong with a text as a JSON object; null when nothing is. */
export function faultOf(text: string): Error | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? null
      : new Error(texts.thisIsNoJsonObject)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Documents as people write them: one object, a list, or an object on each line. */
export function parseDocuments(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : [value]
  } catch {
    try {
      const lines = text.split('\n').filter(line => line.trim() !== '')
      return lines.length > 0 ? lines.map(line => JSON.parse(line) as unknown) : null
    } catch {
      return null
    }
  }
}

/** The members in which two documents differ, as JSON; '' where one is missing. */
export function differences(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): { field: string; before: string; after: string }[] {
  const text = (value: unknown) => (value === undefined ? '' : JSON.stringify(value))
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map(field => ({ field, before: text(before[field]), after: text(after[field]) }))
    .filter(d => d.before !== d.after)
}
