// Pipelines: their numbers, their configurations, trials, dead letters (docs/console-api.md).

import type { PipelineFile } from '../lib/pipelines'
import { type Method, send } from './client'
import {
  decodeCheck,
  decodeComparison,
  decodeEvents,
  decodeHealth,
  decodeLetters,
  decodePipelines,
  decodePlaces,
  decodeRuns,
  decodeSource,
} from './schemas/pipelines'
import { object } from './schemas/shape'

const ask = (method: Method, path: string, body: unknown, signal?: AbortSignal) =>
  send(method, `/api/pipelines${path}`, body, signal, '')

const one = encodeURIComponent

export const pipelines = async (signal?: AbortSignal) =>
  decodePipelines(await ask('GET', '/_node/stats/pipelines', null, signal))

export const health = async (signal?: AbortSignal) =>
  decodeHealth(await ask('GET', '/_health_report', null, signal))

export const places = async (id: string, signal?: AbortSignal) =>
  decodePlaces(await ask('GET', `/_node/pipelines/${one(id)}?graph=true`, null, signal), id)

export const source = async (id: string, signal?: AbortSignal) =>
  decodeSource(await ask('GET', `/_source/${one(id)}`, null, signal))

export const check = async (draft: { id?: string; files: PipelineFile[] }, signal?: AbortSignal) =>
  decodeCheck(await ask('POST', '/_check', draft, signal))

export const writeSource = (id: string, files: PipelineFile[]) => ask('PUT', `/_source/${one(id)}`, { files })

export const reload = async () => object(await ask('POST', '/_reload', null), '_reload')

export interface Trial {
  id?: string
  files?: PipelineFile[]
  events?: unknown[]
  lines?: string[]
}

export const explain = async (trial: Trial, signal?: AbortSignal) =>
  decodeRuns(await ask('POST', '/_explain', trial, signal))

/** The events that come next, up to `size`, within `waitSeconds`. */
export const nextEvents = async (id: string, size: number, waitSeconds: number, signal?: AbortSignal) =>
  decodeEvents(await ask('GET', `/_events/${one(id)}?size=${size}&wait=${waitSeconds}`, null, signal))

export const compare = async (id: string, files: PipelineFile[], events: number, waitSeconds: number) =>
  decodeComparison(await ask('POST', `/_compare/${one(id)}`, { files, events, wait_seconds: waitSeconds }))

/** Letters of all pipelines, the oldest first. */
export const deadLetters = async (size: number, signal?: AbortSignal) =>
  decodeLetters(await ask('GET', `/_dead_letters?size=${size}`, null, signal))

export const replayLetter = (pipeline: string, letter: string, filters: boolean, event: unknown) =>
  ask(
    'POST',
    `/_dead_letters/${one(pipeline)}/${one(letter)}/_replay?filters=${filters}`,
    event === null ? {} : { event },
  )

export const replayAll = async (pipeline: string, filters: boolean) =>
  object(await ask('POST', `/_dead_letters/${one(pipeline)}/_replay?filters=${filters}`, null), '_replay')

export const deleteLetter = (pipeline: string, letter: string) =>
  ask('DELETE', `/_dead_letters/${one(pipeline)}/${one(letter)}`, null)

export const deleteAll = (pipeline: string) => ask('DELETE', `/_dead_letters/${one(pipeline)}`, null)
