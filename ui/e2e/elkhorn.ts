// Starts the real binary for a journey, on free ports, with a data folder of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Elkhorn {
  ui: string
  es: string
  /** A folder for files of the journey; its pipeline's configuration is main.conf in it. */
  folder: string
  /** Sends documents to an index and returns when they can be searched. */
  bulk: (index: string, documents: Record<string, unknown>[]) => Promise<void>
  post: (path: string, body: unknown) => Promise<Record<string, unknown>>
  put: (path: string, body: unknown) => Promise<Record<string, unknown>>
  stop: () => Promise<void>
}

export interface ElkhornOptions {
  /** The configuration of a pipeline `main`, whose files may be in the folder given. */
  pipeline?: (folder: string) => string
  /** With the made-up workload. */
  demo?: boolean
}

export async function startElkhorn(options: ElkhornOptions = {}): Promise<Elkhorn> {
  const binary = process.env.ELKHORN_BIN
  if (!binary)
    throw new Error('ELKHORN_BIN must name the elkhorn binary; `make test` builds it and sets this')
  const data = await mkdtemp(join(tmpdir(), 'elkhorn-e2e-'))
  const folder = join(data, 'files')
  await mkdir(folder)
  const command = ['server']
  if (options.pipeline) {
    const conf = join(folder, 'main.conf')
    await writeFile(conf, options.pipeline(folder))
    command.splice(0, 1, 'up', '-f', conf)
  }
  if (options.demo) command.push('--demo')
  const child = spawn(binary, [...command, '--data', data, '--http', '127.0.0.1:0', '--ui', '127.0.0.1:0'])
  const { ui, es } = await addresses(child)
  const post = (path: string, body: unknown) =>
    send('POST', es + path, 'application/json', JSON.stringify(body))
  return {
    ui,
    es,
    folder,
    post,
    put: (path, body) => send('PUT', es + path, 'application/json', JSON.stringify(body)),
    bulk: async (index, documents) => {
      const lines = documents.flatMap(d => [JSON.stringify({ create: { _index: index } }), JSON.stringify(d)])
      const answer = await send(
        'POST',
        `${es}/_bulk?refresh=true`,
        'application/x-ndjson',
        `${lines.join('\n')}\n`,
      )
      if (answer.errors !== false) throw new Error(`bulk: ${JSON.stringify(answer).slice(0, 500)}`)
    },
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** Reads the addresses that the program prints once it answers. */
function addresses(child: ChildProcess): Promise<{ ui: string; es: string }> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      const ui = /^\s*UI\s+(http:\S+)/m.exec(printed)?.[1]
      const es = /^\s*Elasticsearch\s+(http:\S+)/m.exec(printed)?.[1]
      if (ui && es) resolve({ ui, es })
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.on('error', reject)
    child.on('exit', code => reject(new Error(`elkhorn ended with ${code}:\n${printed}`)))
  })
}

async function send(
  method: string,
  url: string,
  type: string,
  body: string,
): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method, headers: { 'Content-Type': type }, body })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`)
  return JSON.parse(text) as Record<string, unknown>
}
