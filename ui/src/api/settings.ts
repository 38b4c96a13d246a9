// The settings of this server: a saved object `config` named by the version, as each version of Kibana has its own.

import { send } from './client'
import { getObjects } from './saved'
import { object, string } from './schemas/shape'

async function configKey(signal?: AbortSignal) {
  const { version } = object(await send('GET', '/api/status', null, signal, ''), 'status')
  return { type: 'config', id: string(object(version, 'version').number, 'version.number') }
}

/** What is set, by Kibana's names. */
export async function settings(signal?: AbortSignal): Promise<Record<string, unknown>> {
  const [config] = await getObjects([await configKey(signal)], signal)
  return config === undefined || 'error' in config ? {} : config.attributes
}

/** Sets some; null is the default again. */
export async function changeSettings(attributes: Record<string, unknown>) {
  const { type, id } = await configKey()
  const path = `/api/saved_objects/${type}/${encodeURIComponent(id)}`
  return send('PUT', path, { attributes, upsert: attributes }, undefined, '')
}
