import type { IndexMapping, MappingProperty } from '../../lib/fields'
import { object } from './shape'

/** The answer of `_mapping`: the properties of each index. */
export function decodeMappings(answer: unknown): IndexMapping[] {
  return Object.entries(object(answer, '_mapping')).map(([index, value]) => {
    const mappings = object(object(value, index).mappings ?? {}, `${index}.mappings`)
    return { index, properties: properties(mappings.properties, `${index}.mappings.properties`) }
  })
}

function properties(value: unknown, place: string): Record<string, MappingProperty> {
  if (value === undefined) return {}
  const out: Record<string, MappingProperty> = {}
  for (const [name, raw] of Object.entries(object(value, place))) {
    const property = object(raw, `${place}.${name}`)
    out[name] = {
      ...(typeof property.type === 'string' && { type: property.type }),
      ...(typeof property.index === 'boolean' && { index: property.index }),
      ...(typeof property.doc_values === 'boolean' && { doc_values: property.doc_values }),
      ...(typeof property.enabled === 'boolean' && { enabled: property.enabled }),
      ...(property.properties !== undefined && {
        properties: properties(property.properties, `${place}.${name}.properties`),
      }),
      ...(property.fields !== undefined && {
        fields: properties(property.fields, `${place}.${name}.fields`),
      }),
    }
  }
  return out
}
