// The model as Kibana 8 saves it.

import type { Reference } from '../savedobjects'
import type { Json } from '../vis/json'
import { writeSavedVis } from './by_value'
import { type Control, type Dashboard, isEmptyChoice, type Panel } from './model'

export function writeDashboard(dashboard: Dashboard): { attributes: Json; references: Reference[] } {
  const references: Reference[] = [...dashboard.kept.references]
  const panels = dashboard.panels.map(panel => writePanel(panel, references))
  const { range, refresh, query, filters, annotations, kept } = dashboard
  const controls = writeControls(dashboard.controls, kept.controls, references)
  return {
    attributes: {
      ...kept.attributes,
      title: dashboard.title,
      description: dashboard.description,
      panelsJSON: JSON.stringify(panels),
      optionsJSON: JSON.stringify({
        useMargins: true,
        syncColors: true,
        syncCursor: true,
        syncTooltips: true,
        ...kept.options,
        hidePanelTitles: dashboard.hideTitles,
        ...(annotations.length > 0 && { annotations }),
      }),
      ...(controls !== null && { controlGroupInput: controls }),
      timeRestore: range !== null,
      ...(range !== null && { timeFrom: range.from, timeTo: range.to }),
      refreshInterval: { pause: refresh === null, value: refresh ?? 0 },
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({
          query,
          filter: filters.map(f => ({ ...f, $state: { store: 'appState' } })),
        }),
      },
      version: 1,
    },
    references,
  }
}

function writePanel(panel: Panel, references: Reference[]): Json {
  const { id, place, source, title, hideTitle, range, config } = panel
  const embeddableConfig: Json = {
    ...config,
    ...(title !== null && { title }),
    ...(hideTitle && { hidePanelTitles: true }),
    ...(range !== null && { timeRange: range }),
  }
  const written: Json = { panelIndex: id, gridData: { ...place, i: id }, embeddableConfig }
  switch (source.kind) {
    case 'library':
      references.push({ name: `${id}:panel_${id}`, type: source.key.type, id: source.key.id })
      return { ...written, type: source.key.type, panelRefName: `panel_${id}` }
    case 'own': {
      references.push(...source.references.map(r => ({ ...r, name: `${id}:${r.name}` })))
      const savedVis = source.type === 'visualization' ? writeSavedVis(source.attributes) : null
      const inside = savedVis === null ? { attributes: source.attributes } : { savedVis }
      return { ...written, type: source.type, embeddableConfig: { ...embeddableConfig, ...inside } }
    }
    case 'lost':
      return { ...written, type: source.type }
  }
}

function writeControls(controls: readonly Control[], kept: Json, references: Reference[]): Json | null {
  if (controls.length === 0 && Object.keys(kept).length === 0) return null
  const panels = controls.map((control, order) => {
    const type = control.kind === 'options' ? 'optionsListControl' : 'rangeSliderControl'
    if (control.view !== null)
      references.push({
        name: `controlGroup_${control.id}:${control.kind === 'options' ? 'optionsListDataView' : 'rangeSliderDataView'}`,
        type: 'index-pattern',
        id: control.view,
      })
    const input = { id: control.id, fieldName: control.field, title: control.title, ...choiceOf(control) }
    return [control.id, { type, order, grow: true, width: 'medium', explicitInput: input }]
  })
  return {
    controlStyle: 'oneLine',
    chainingSystem: 'HIERARCHICAL',
    ...kept,
    panelsJSON: JSON.stringify(Object.fromEntries(panels)),
  }
}

function choiceOf({ chosen }: Control): Json {
  if (isEmptyChoice(chosen)) return {}
  if (chosen.kind === 'options') return { selectedOptions: chosen.values, exclude: chosen.exclude }
  return { value: [String(chosen.from ?? ''), String(chosen.to ?? '')] }
}
