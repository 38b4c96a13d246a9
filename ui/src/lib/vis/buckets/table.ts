// The bucket aggregations, by their names in a visState.

import type { BucketKind } from './bucket'
import { dateHistogram } from './date_histogram'
import { filters } from './filters'
import { geohashGrid, geotileGrid } from './geo_grid'
import { histogram } from './histogram'
import { multiTerms } from './multi_terms'
import { dateRange, ipRange, range } from './ranges'
import { significantTerms, terms } from './terms'

export const BUCKETS: Readonly<Record<string, BucketKind>> = {
  date_histogram: dateHistogram,
  date_range: dateRange,
  filters,
  geohash_grid: geohashGrid,
  geotile_grid: geotileGrid,
  histogram,
  ip_range: ipRange,
  multi_terms: multiTerms,
  range,
  significant_terms: significantTerms,
  terms,
}
