// Just enough of _search for the mock: what Discover asks, evaluated one event at a time.

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export function search(events, { query = { match_all: {} }, size = 10, aggs, sort, search_after: after }) {
  const started = performance.now()
  const found = events.filter(event => matches(query, event))
  const key = sort ? Object.keys(sort[0])[0] : '@timestamp'
  const ordered = size > 0 ? found.toSorted((a, b) => time(b, key) - time(a, key)) : []
  const page = after ? ordered.filter(event => time(event, key) < after[0]) : ordered
  return {
    took: Math.ceil(performance.now() - started),
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: {
      total: { value: found.length, relation: 'eq' },
      hits: page.slice(0, size).map(event => ({ ...event, sort: [time(event, key)] })),
    },
    ...(aggs && { aggregations: aggregate(found, aggs) }),
  }
}

const time = (event, field) => Date.parse(get(event, field))

function get(event, field) {
  const name = field.replace(/\.keyword$/, '')
  return event._source[name] ?? name.split('.').reduce((value, part) => value?.[part], event._source)
}

function matches(query, event) {
  const [[kind, body]] = Object.entries(query)
  switch (kind) {
    case 'match_all':
      return true
    case 'bool': {
      const should = body.should ?? []
      return (
        [...(body.filter ?? []), ...(body.must ?? [])].every(q => matches(q, event)) &&
        !(body.must_not ?? []).some(q => matches(q, event)) &&
        (should.length === 0 || should.some(q => matches(q, event)))
      )
    }
    case 'ids':
      return body.values.includes(event._id)
    case 'exists':
      return get(event, body.field) !== undefined
    case 'range':
      return inRange(event, body)
    case 'term':
    case 'match':
    case 'match_phrase': {
      const [[field, value]] = Object.entries(body)
      return contains(get(event, field), value, field)
    }
    case 'multi_match':
      return JSON.stringify(event._source).toLowerCase().includes(body.query.toLowerCase())
    case 'query_string': {
      const pattern = new RegExp(
        body.query
          .replace(/\\(.)/g, '$1')
          .replace(/[.+?^${}()|[\]]/g, '\\$&')
          .replace(/\*/g, '.*'),
        'i',
      )
      return (body.fields ?? Object.keys(event._source)).some(field =>
        pattern.test(String(get(event, field) ?? '')),
      )
    }
    default:
      throw new Error(`unknown query [${kind}]`)
  }
}

function contains(value, wanted, field) {
  if (value === undefined) return false
  if (['message', 'error_message', 'prompt', 'stack_trace'].includes(field))
    return String(value).toLowerCase().includes(String(wanted).toLowerCase())
  return String(value) === String(wanted)
}

function inRange(event, body) {
  const [[field, bounds]] = Object.entries(body)
  const read = value => (field === '@timestamp' ? Date.parse(value) : Number(value))
  const value = read(get(event, field))
  const { gt, gte, lt, lte } = bounds
  if (Number.isNaN(value)) return false
  return !(
    (gt !== undefined && value <= read(gt)) ||
    (gte !== undefined && value < read(gte)) ||
    (lt !== undefined && value >= read(lt)) ||
    (lte !== undefined && value > read(lte))
  )
}

function aggregate(events, aggs) {
  return Object.fromEntries(Object.entries(aggs).map(([name, body]) => [name, one(events, body)]))
}

function one(events, body) {
  const sub = list => (body.aggs ? aggregate(list, body.aggs) : {})
  const numbers = field =>
    events
      .map(event => (field === '@timestamp' ? time(event, field) : Number(get(event, field))))
      .filter(n => !Number.isNaN(n))
  if (body.date_histogram) return histogram(events, body.date_histogram, sub)
  if (body.terms) return terms(events, body.terms, sub)
  if (body.filters) {
    return {
      buckets: Object.fromEntries(
        Object.entries(body.filters.filters).map(([name, query]) => {
          const list = events.filter(event => matches(query, event))
          return [name, { doc_count: list.length, ...sub(list) }]
        }),
      ),
    }
  }
  if (body.max)
    return { value: numbers(body.max.field).reduce((a, b) => (a === null || b > a ? b : a), null) }
  if (body.min)
    return { value: numbers(body.min.field).reduce((a, b) => (a === null || b < a ? b : a), null) }
  if (body.percentiles) {
    const sorted = numbers(body.percentiles.field).toSorted((a, b) => a - b)
    return {
      values: Object.fromEntries(
        body.percentiles.percents.map(p => [
          p.toFixed(1),
          sorted[Math.floor(((sorted.length - 1) * p) / 100)] ?? null,
        ]),
      ),
    }
  }
  throw new Error(`unknown aggregation [${Object.keys(body)[0]}]`)
}

function histogram(events, { field, fixed_interval, extended_bounds: bounds }, sub) {
  const [, count, unit] = /^(\d+)(\w+)$/.exec(fixed_interval)
  const width = count * UNITS[unit]
  const groups = new Map()
  for (let t = Math.floor(bounds.min / width) * width; t <= bounds.max; t += width) groups.set(t, [])
  for (const event of events) groups.get(Math.floor(time(event, field) / width) * width)?.push(event)
  return { buckets: [...groups].map(([key, list]) => ({ key, doc_count: list.length, ...sub(list) })) }
}

function terms(events, { field, size }, sub) {
  const groups = new Map()
  for (const event of events) {
    const value = get(event, field)
    if (value !== undefined)
      groups
        .set(value, groups.get(value) ?? [])
        .get(value)
        .push(event)
  }
  const sorted = [...groups].sort((a, b) => b[1].length - a[1].length)
  return {
    sum_other_doc_count: sorted.slice(size).reduce((sum, [, list]) => sum + list.length, 0),
    buckets: sorted.slice(0, size).map(([key, list]) => ({ key, doc_count: list.length, ...sub(list) })),
  }
}
