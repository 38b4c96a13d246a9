// Data views: what their pages ask, and do.

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { mappings } from '../../api/client'
import { resolvePattern } from '../../api/manage'
import {
  createDataView,
  createObject,
  dataViews,
  defaultDataView,
  deleteObject,
  getObject,
  setDefaultDataView,
  updateDataView,
  updateObject,
} from '../../api/saved'
import {
  type FieldFormat,
  type FieldFormats,
  readFieldFormats,
  writeFieldFormats,
} from '../../lib/fieldformats'
import { type Field, fieldsOfMappings, TIME_FIELDS } from '../../lib/fields'
import type { Resolved } from '../../lib/manage'
import { readRuntimeFields } from '../../lib/runtimefields'
import type { DataViewInfo, SavedObject } from '../../lib/savedobjects'
import { useForget } from '../../state/forget'
import { texts } from '../../texts/management'

const TYPE = 'index-pattern'

/** All data views by name, which of them pages open with, and what each finds. */
export const useViews = () =>
  useQuery({
    queryKey: ['manage', 'data_views'],
    queryFn: async ({ signal }) => {
      const [views, standard] = await Promise.all([dataViews(signal), defaultDataView(signal)])
      const found = await Promise.all(views.map(v => resolvePattern(v.title, signal).catch(() => null)))
      return { standard, views: views.map((view, i) => ({ ...view, found: found[i] ?? null })) }
    },
    placeholderData: keepPreviousData,
  })

export type ListedView = DataViewInfo & { found: Resolved | null }

/** What a pattern finds, and the fields of that. */
export const usePattern = (pattern: string) =>
  useQuery({
    queryKey: ['manage', 'pattern', pattern],
    queryFn: async ({ signal }): Promise<{ found: Resolved; fields: Field[] }> => {
      const found = await resolvePattern(pattern, signal)
      const fields = isNothing(found) ? [] : fieldsOfMappings(await mappings(pattern, signal))
      return { found, fields }
    },
    enabled: pattern !== '',
  })

export const isNothing = (found: Resolved) =>
  found.indices.length + found.streams.length + found.aliases.length === 0

/** "2 indices, 1 data stream". */
export function describeFound(found: Resolved): string {
  const parts = [
    counted(found.indices.length, texts.indicesCount),
    counted(found.streams.length, texts.streamsCount),
    counted(found.aliases.length, texts.aliasesCount),
  ]
  return parts.filter(part => part !== '').join(', ') || texts.nothing
}

const counted = (n: number, words: (n: number) => string) => (n === 0 ? '' : words(n))

/** The fields that can be the time of events: dates, the usual names first; where nothing is found yet, the usual names. */
export function timeFieldsOf(fields: readonly Field[]): string[] {
  if (fields.length === 0) return [...TIME_FIELDS]
  const dates = fields.filter(f => f.kind === 'date').map(f => f.name)
  const usual = TIME_FIELDS.filter(name => dates.includes(name))
  return [...usual, ...dates.filter(name => !usual.some(u => u === name))]
}

export interface Draft {
  title: string
  name: string
  /** '' for data without time; null takes the usual name of a time that there is. */
  timeFieldName: string | null
}

/** Makes a data view (null), or changes one. */
export async function storeView(id: string | null, draft: Draft): Promise<DataViewInfo> {
  const { title, name } = draft
  const timeFieldName = draft.timeFieldName ?? timeFieldsOf(fieldsOfMappings(await mappings(title)))[0] ?? ''
  if (id !== null) return updateDataView(id, { title, name, timeFieldName })
  return createDataView({ title, ...(name && { name }), ...(timeFieldName && { timeFieldName }) })
}

/** How a data view has its fields written. */
export async function formatsOf(id: string, signal?: AbortSignal): Promise<FieldFormats> {
  return readFieldFormats((await getObject({ type: TYPE, id }, signal)).attributes.fieldFormatMap)
}

/** The fields that a data view makes at search time, and those of them that are not made here. */
export async function runtimeFieldsOf(id: string, signal?: AbortSignal) {
  return readRuntimeFields((await getObject({ type: TYPE, id }, signal)).attributes.runtimeFieldMap)
}

/** Changes the formats that there are now; those of others, and kinds not known here, stay. */
export async function storeFormats(id: string, change: (all: Map<string, FieldFormat>) => void) {
  const all = new Map(await formatsOf(id))
  change(all)
  return updateObject({ type: TYPE, id }, { attributes: { fieldFormatMap: writeFieldFormats(all) } })
}

/** A data view that was deleted, and whether pages opened with it. */
export interface DeletedView {
  object: SavedObject
  name: string
  standard: boolean
}

/** Deletes a data view; when pages opened with it, they open with the next one. */
export async function deleteView(
  view: DataViewInfo,
  standard: boolean,
  next: string | null,
): Promise<DeletedView> {
  const key = { type: TYPE, id: view.id }
  const object = await getObject(key)
  await deleteObject(key)
  if (standard) await setDefaultDataView(next)
  return { object, name: view.name, standard }
}

/** Puts back what was deleted, under its id. */
export async function restoreView({ object, standard }: DeletedView) {
  await createObject(TYPE, object, object.id)
  if (standard) await setDefaultDataView(object.id)
}

/** Does something with data views; every page that keeps them looks again. */
export function useViewDeed<Input, Output>(run: (input: Input) => Promise<Output>) {
  const forget = useForget()
  return useMutation({
    mutationFn: run,
    onSettled: () => forget('manage', 'data_views'),
  })
}
