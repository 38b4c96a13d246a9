// Kibana's panels of links as texts with links.

import { texts } from '../../texts/boards'
import type { Reference } from '../savedobjects'
import { asJson, asList, asNumber, asText, type Json } from '../vis/json'
import { newVis, type Vis } from '../vis/model'

/** Reads the attributes of a saved object `links`: to other dashboards, and to addresses elsewhere. */
export function readLinks(attributes: Json, references: readonly Reference[]): Vis {
  const ordered = asList(attributes.links)
    .map(asJson)
    .sort((a, b) => (asNumber(a.order) ?? 0) - (asNumber(b.order) ?? 0))
  const links = ordered.flatMap(link => {
    const to = addressOf(link, references)
    return to === null ? [] : [`[${labelOf(link).replace(/[[\]]/g, '')}](${to})`]
  })
  const lost = ordered.length - links.length
  const markdown =
    attributes.layout === 'horizontal' ? links.join(' · ') : links.map(link => `- ${link}`).join('\n')
  return {
    ...newVis('markdown', [], { markdown }),
    title: asText(attributes.title),
    description: asText(attributes.description),
    notes: lost > 0 ? [texts.linksLeadNowhere(lost)] : [],
  }
}

const labelOf = (link: Json): string =>
  asText(link.label) || (link.type === 'dashboardLink' ? texts.aDashboard : asText(link.destination))

function addressOf(link: Json, references: readonly Reference[]): string | null {
  const destination = asText(link.destination)
  if (link.type === 'externalLink') return /^https?:\/\/[^\s()<>]+$/i.test(destination) ? destination : null
  const named = references.find(r => r.name === asText(link.destinationRefName) && r.type === 'dashboard')
  const id = named?.id ?? destination
  return id === '' ? null : `/dashboards/${encodeURIComponent(id)}`
}
