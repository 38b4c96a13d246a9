import type { Inputs } from '../client'
import { object } from './shape'

/** The `inputs` of `/api/status`; a server without inputs has none. */
export function decodeInputs(answer: unknown): Inputs {
  const found = object(answer, 'status').inputs
  if (found === undefined || found === null) return {}
  const inputs = object(found, 'status.inputs')
  const out: Inputs = {}
  if (typeof inputs.http === 'string') out.http = inputs.http
  if (typeof inputs.beats === 'string') out.beats = inputs.beats
  return out
}
