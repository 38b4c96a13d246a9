import type {
  DataViewInfo,
  ImportProblem,
  ImportReport,
  ImportResult,
  ObjectKey,
  SavedObject,
} from '../../lib/savedobjects'
import { texts } from '../../texts/api'
import { array, object, string } from './shape'

const textOr = (value: unknown, fallback = '') => (typeof value === 'string' ? value : fallback)
const stringsOf = (value: unknown) =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

export function decodeObject(value: unknown, place = 'saved object'): SavedObject {
  const read = object(value, place)
  return {
    type: string(read.type, `${place}.type`),
    id: string(read.id, `${place}.id`),
    attributes: read.attributes === undefined ? {} : object(read.attributes, `${place}.attributes`),
    references: array(read.references ?? [], `${place}.references`).map(decodeReference),
    version: textOr(read.version),
    updatedAt: textOr(read.updated_at),
  }
}

function decodeReference(value: unknown, at: number) {
  const read = object(value, `references[${at}]`)
  return {
    name: textOr(read.name),
    type: string(read.type, `references[${at}].type`),
    id: string(read.id, `references[${at}].id`),
  }
}

export function decodeFound(value: unknown): { total: number; objects: SavedObject[] } {
  const read = object(value, '_find')
  return {
    total: typeof read.total === 'number' ? read.total : 0,
    objects: array(read.saved_objects, 'saved_objects').map((o, i) => decodeObject(o, `saved_objects[${i}]`)),
  }
}

/** Each object or the reason why there is none. */
export function decodeMany(value: unknown): (SavedObject | (ObjectKey & { error: string }))[] {
  return array(object(value, 'answer').saved_objects, 'saved_objects').map((one, i) => {
    const place = `saved_objects[${i}]`
    const read = object(one, place)
    if (read.error === undefined) return decodeObject(read, place)
    return { ...decodeKey(read), error: textOr(object(read.error, place).message, texts.notFound) }
  })
}

function decodeKey(value: unknown): ObjectKey {
  const read = object(value, 'key')
  return { type: textOr(read.type), id: textOr(read.id) }
}

export function decodeDataViews(value: unknown): DataViewInfo[] {
  return array(object(value, 'data_views').data_view, 'data_view').map(decodeDataView)
}

export function decodeDataView(value: unknown): DataViewInfo {
  const read = object(value, 'data_view')
  const title = string(read.title, 'data_view.title')
  return {
    id: string(read.id, 'data_view.id'),
    title,
    name: textOr(read.name) || title,
    timeField: textOr(read.timeFieldName) || null,
  }
}

const titleIn = (value: unknown) => textOr(object(value ?? {}, 'meta').title)

export function decodeImport(value: unknown): ImportResult {
  const read = object(value, '_import')
  return {
    success: read.success === true,
    count: typeof read.successCount === 'number' ? read.successCount : 0,
    taken: array(read.successResults ?? [], 'successResults').map(one => {
      const success = object(one, 'successResults')
      return { ...decodeKey(success), title: titleIn(success.meta) || textOr(success.id) }
    }),
    problems: array(read.errors ?? [], 'errors').map(decodeProblem),
  }
}

function decodeProblem(value: unknown): ImportProblem {
  const read = object(value, 'errors')
  const error = object(read.error, 'errors.error')
  const key = decodeKey(read)
  return {
    key,
    title: titleIn(read.meta) || textOr(read.title) || key.id,
    type: textOr(error.type, 'unknown'),
    missing: array(error.references ?? [], 'references').map(decodeKey),
    message: textOr(error.message),
  }
}

/** The answer of the dashboard import: what was made or why not, and for printed dashboards a report. */
export function decodeDashboardImport(value: unknown): { result: ImportResult; report: ImportReport | null } {
  const read = object(value, 'import')
  const made = array(read.objects, 'objects').map(one => object(one, 'objects'))
  const problems = made.flatMap((one): ImportProblem[] => {
    if (one.error === undefined) return []
    const error = object(one.error, 'error')
    const key = decodeKey(one)
    const conflict = error.statusCode === 409
    return [
      {
        key,
        title: key.id,
        type: conflict ? 'conflict' : 'unknown',
        missing: [],
        message: textOr(error.message),
      },
    ]
  })
  const taken = made
    .filter(one => one.error === undefined)
    .map(one => ({ ...decodeKey(one), title: textOr(object(one.attributes ?? {}, 'attributes').title) }))
  return {
    result: { success: problems.length === 0, count: taken.length, taken, problems },
    report: read.report === undefined ? null : decodeReport(read.report),
  }
}

function decodeReport(value: unknown): ImportReport {
  const read = object(value, 'report')
  const view = object(read.dataView, 'report.dataView')
  return {
    dataView: { title: textOr(view.title), reason: textOr(view.reason) },
    panels: array(read.panels, 'report.panels').map(one => {
      const panel = object(one, 'report.panels')
      return {
        title: textOr(panel.title),
        type: textOr(panel.type),
        missingFields: stringsOf(panel.missingFields),
        notes: stringsOf(panel.notes),
      }
    }),
  }
}

export function decodeSamples(value: unknown) {
  return array(object(value, 'samples').samples, 'samples').map((one, i) => {
    const read = object(one, `samples[${i}]`)
    return {
      name: string(read.name, 'samples.name'),
      id: string(read.id, 'samples.id'),
      title: textOr(read.title),
      description: textOr(read.description),
      index: textOr(read.index),
      panels: typeof read.panels === 'number' ? read.panels : 0,
    }
  })
}
