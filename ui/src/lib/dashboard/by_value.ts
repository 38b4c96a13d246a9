// A chart that stands inside its panel, as Kibana 7.13 and later keep it when it is no Lens chart: the visualization's state taken apart,
// where a saved one has it as texts.

import { asJson, asText, isJson, type Json, parseObject } from '../vis/json'

/** A panel's `savedVis` as the attributes that a saved visualization would have; null for what is none. */
export function readSavedVis(value: unknown): Json | null {
  if (!isJson(value)) return null
  const { title, description, type, params, uiState, data, savedSearchRefName } = value
  const { aggs, searchSource } = asJson(data)
  return {
    title: asText(title),
    description: asText(description),
    visState: JSON.stringify({ type, params, aggs }),
    ...(isJson(uiState) && { uiStateJSON: JSON.stringify(uiState) }),
    ...(typeof savedSearchRefName === 'string' && { savedSearchRefName }),
    kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(asJson(searchSource)) },
  }
}

/** The way back; null for attributes whose state cannot be read, which are kept as they are. */
export function writeSavedVis(attributes: Json): Json | null {
  const state = stateOf(attributes.visState)
  if (state === null) return null
  const { savedSearchRefName } = attributes
  const source = asText(asJson(attributes.kibanaSavedObjectMeta).searchSourceJSON)
  return {
    title: asText(attributes.title),
    description: asText(attributes.description),
    type: state.type,
    params: asJson(state.params),
    uiState: stateOf(attributes.uiStateJSON) ?? {},
    data: { aggs: state.aggs ?? [], searchSource: stateOf(source) ?? {} },
    ...(typeof savedSearchRefName === 'string' && { savedSearchRefName }),
  }
}

const stateOf = (value: unknown): Json | null =>
  typeof value === 'string' ? parseObject(value) : isJson(value) ? value : null
