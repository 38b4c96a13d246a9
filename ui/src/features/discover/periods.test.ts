import { describe, expect, it } from 'vitest'
import { fieldsOfMappings } from '../../lib/fields'
import { decodeDeployments, deploymentsRequest, periodBefore, versionFieldsOf } from './periods'

const range = { from: 1000, to: 2000 }

describe('deployments', () => {
  const fields = fieldsOfMappings([
    {
      index: 'a',
      properties: {
        version: { type: 'text' },
        deployment_version: { type: 'text', fields: { keyword: { type: 'keyword' } } },
        model_version: { type: 'keyword' },
      },
    },
  ])
  const versions = versionFieldsOf(fields)
  const bucket = (key: string, first: number) => ({ key, doc_count: 1, first: { value: first } })

  it('are looked for in the best field of each kind that can be aggregated', () => {
    expect(versions).toEqual([
      { field: 'deployment_version', on: 'deployment_version.keyword' },
      { field: 'model_version', on: 'model_version' },
    ])
    expect(versionFieldsOf([])).toEqual([])
  })

  it('are asked for with the period before, where they may have been already', () => {
    const { query, aggs } = deploymentsRequest('t', range, versions)
    expect(query).toMatchObject({
      range: { t: { gte: new Date(0).toISOString(), lte: new Date(2000).toISOString() } },
    })
    expect(Object.keys(aggs ?? {})).toEqual(['v0', 'v1'])
  })

  it('are versions first seen within the time, but for the first of all', () => {
    const answer = {
      v0: { buckets: [bucket('v2', 1500), bucket('v1', 10), bucket('v3', 1900)] },
      v1: { buckets: [bucket('m1', 1200)] },
    }
    expect(decodeDeployments(answer, range, versions)).toEqual([
      { at: 1500, field: 'deployment_version', version: 'v2' },
      { at: 1900, field: 'deployment_version', version: 'v3' },
    ])
  })

  it('are none where a field has as many values as events', () => {
    const many = { buckets: Array.from({ length: 50 }, (_, i) => bucket(`b${i}`, 1000 + i)) }
    expect(decodeDeployments({ v0: many, v1: { buckets: [] } }, range, versions)).toEqual([])
  })
})

it('the period before ends where this one begins', () => {
  expect(periodBefore(range)).toEqual({ from: 0, to: 999 })
})
