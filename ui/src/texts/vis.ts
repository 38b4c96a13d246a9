// Visualizations: names of metrics and buckets, and what cannot be drawn.

import { ordinal, plural } from './plural'

export const texts = {
  // annotations
  anAnnotationOfCannot: (title: string, message: string) =>
    `An annotation of “${title}” cannot be read: ${message}.`,

  // buckets/bucket
  aFieldHasToBePicked: 'A field has to be picked.',
  isRead: (asked: string, base: string) => `${asked} is read as ${base}, which is a keyword itself.`,

  // buckets/date_histogram
  seconds: (count: number) => plural(count, 'second', `${count} seconds`),
  minutes: (count: number) => plural(count, 'minute', `${count} minutes`),
  hours: (count: number) => plural(count, 'hour', `${count} hours`),
  days: (count: number) => plural(count, 'day', `${count} days`),
  weeks: (count: number) => plural(count, 'week', `${count} weeks`),
  months: (count: number) => plural(count, 'month', `${count} months`),
  years: (count: number) => plural(count, 'year', `${count} years`),
  bucketsOfWouldBeMore: (asked: string, maxBuckets: number, wider: string) =>
    `Buckets of ${asked} would be more than ${maxBuckets} in this time; they are ${wider} wide.`,
  dateHistogram: 'Date histogram',
  per: (field: string, words: string) => `${field} per ${words}`,
  milliseconds: (millis: string) => `${millis} milliseconds`,

  // buckets/filters
  all: 'All',
  cannotBeRead: (query: string, message: string) => `“${query}” cannot be read: ${message}.`,
  filters: 'Filters',
  theFiltersHaveNoQuery: 'The filters have no query.',

  // buckets/geo_grid
  near: (field: string, text: string) => `${field} near ${text}`,

  // buckets/histogram
  histogram: 'Histogram',
  theSpanOfAnAutomatic: 'The span of an automatic histogram is not known yet.',

  // buckets/multi_terms
  combinationsOfValues: 'Combinations of values',
  combinationsAreOfTwo: 'Combinations are of two fields or more.',

  // buckets/ranges
  range: 'Range',
  dateRange: 'Date range',
  ipRange: 'IP range',
  thereAreNoRanges: 'There are no ranges.',
  below: (format: string) => `below ${format}`,
  andAbove: (format: string) => `${format} and above`,
  fromTo: (from: string, to: string) => `${from} to ${to}`,

  // buckets/terms
  terms: 'Terms',
  significantTerms: 'Significant terms',
  unusualValuesOf: (field: string) => `Unusual values of ${field}`,
  isOrderedByCount: (buckets: string, asked: string) =>
    `${buckets} is ordered by count: no metric “${asked}” can order it.`,
  missing: 'Missing',
  other: 'Other',

  // documents
  time: 'Time',

  // edit
  value: 'Value',
  axis: 'Axis',
  breakDownBy: 'Break down by',
  smallChartsBy: 'Small charts by',
  rowsBy: 'Rows by',
  size: 'Size',
  slicesBy: 'Slices by',
  tagsBy: 'Tags by',
  placesBy: 'Places by',

  // filter
  isAnother: (key: string) => `${key} is another`,
  has: (field: string, value: string) => `${field} has ${value}`,
  not: 'not',
  exists: (key: string) => `${key} exists`,
  rangeOf: (key: string, gte: string, lt: string) => `${key}: ${gte} to ${lt}`,

  // left_out
  allOfItsWordsLie: 'All of its words lie level.',
  itsDatesAreWritten: (field: string) => `Its dates are written as everywhere here, not as “${field}”.`,

  // lens
  lensChartsOfTheType: (name: string) => `Lens charts of the type “${name}” are not drawn here.`,
  thisLensChartCannotBeShown: (message: string) => `This Lens chart cannot be shown: ${message}`,
  itIsMade: 'it is made of an ES|QL or SQL query.',
  itsLayerHasNoColumns: 'its layer has no columns.',
  itNamesAColumn: 'it names a column that it does not have.',
  isInAPlaceWhere: (label: string) => `“${label}” is in a place where it cannot stand.`,
  drawnAsARing: (shape: string) => `Drawn as a ring: it was a ${shape}.`,
  ofMetricsTheFirst: (count: number) => `Of ${count} metrics the first is shown.`,
  columnsThatItSplits: 'Columns that it splits by values are rows here.',
  theTrendBehindTheNumber: 'The trend behind the number is not drawn.',
  itHasNoLayer: 'it has no layer of data.',

  // lens_columns
  bucketsByAreNotKnown: (operationType: string) => `buckets by “${operationType}” are not known.`,
  itsColumnsReferInACircle: 'its columns refer to each other in a circle.',
  isMadeOfAColumn: (label: string) => `“${label}” is made of a column that is missing.`,
  isNotKnown: (operation: string) => `“${operation}” is not known.`,
  itWantsRareValues: 'it wants rare values.',

  // lens_xy
  aLayerAlong: (scale: string, otherScale: string) =>
    `A layer along ${scale} is not drawn on an axis of ${otherScale}.`,
  itsReferenceLinesAreNotDrawn: (message: string) => `Its reference lines are not drawn: ${message}`,
  itsUprightReferenceLine: (label: string) => `Its upright reference line “${label}” is not drawn.`,
  itsAnnotations: 'Its annotations are in a library of Kibana, which is not read here.',
  event: 'Event',

  // map
  itHasNoLayerOfDocuments: 'None of its layers shows documents by their place.',
  itsQueryCannotBeRead: 'What is typed over all of its layers cannot be read and is left out.',
  itsMapCannotBeRead: 'Its layers cannot be read.',
  layersLeftOut: (names: string) => `Left out of this map: ${names}.`,
  aLayerOfTheType: (type: string) => `a layer of the type ${type}`,
  aPlaceOf: (field: string) => `Places of ${field}`,
  pathsAsTheirEnds: 'Paths are drawn as circles at their ends.',

  // metrics
  theMetricHasNoField: (metricLabel: string) => `The metric “${metricLabel}” has no field.`,
  ofNamed: (label: string, name: string) => `${label} of ${name}`,
  theseMetricsReferInACircle: 'These metrics refer to each other in a circle.',
  refersToNoMetric: (metricLabel: string) => `“${metricLabel}” refers to no metric.`,
  hasNoBuckets: (label: string) => `“${label}” has no buckets.`,
  cannotBeTakenOf: (label: string, name: string) => `“${label}” cannot be taken of ${name}.`,
  bucketsOfTheTypeInside: (type: string) => `Buckets of the type “${type}” inside a metric are not known.`,
  average: 'Average',
  averageField: (field: string) => `Average ${field}`,
  averageBucket: 'Average bucket',
  uniqueCount: 'Unique count',
  uniqueCountOf: (field: string) => `Unique count of ${field}`,
  count: 'Count',
  cumulativeSum: 'Cumulative sum',
  derivative: 'Derivative',
  formula: 'Formula',
  max: 'Max',
  maxField: (field: string) => `Max ${field}`,
  maxBucket: 'Max bucket',
  median: 'Median',
  medianField: (field: string) => `Median ${field}`,
  min: 'Min',
  minField: (field: string) => `Min ${field}`,
  minBucket: 'Min bucket',
  movingAverage: 'Moving average',
  percentileRanks: 'Percentile ranks',
  percentileRankOf: (value: number, field: string) => `Percentile rank ${value} of ${field}`,
  percentiles: 'Percentiles',
  percentileOf: (percent: number, field: string) => `${ordinal(percent)} percentile of ${field}`,
  serialDifference: 'Serial difference',
  standardDeviation: 'Standard deviation',
  lower: 'Lower',
  upper: 'Upper',
  standardDeviationOf: (bound: string, field: string) => `${bound} standard deviation of ${field}`,
  sum: 'Sum',
  sumOf: (field: string) => `Sum of ${field}`,
  sumBucket: 'Sum bucket',
  topHit: 'Top hit',
  first: 'First',
  last: 'Last',
  valueCount: 'Value count',
  valuesOf: (field: string) => `Values of ${field}`,
  theFormulaCannotBeRead: (message: string) => `The formula cannot be read: ${message}.`,
  thereIsNoMetric: (type: string) => `There is no metric of the type “${type}” here.`,

  // names
  bars: 'Bars',
  flatBars: 'Flat bars',
  line: 'Line',
  area: 'Area',
  pie: 'Pie',
  number: 'Number',
  gauge: 'Gauge',
  table: 'Table',
  heatMap: 'Heat map',
  tags: 'Tags',
  goal: 'Goal',
  map: 'Map',
  text: 'Text',
  regions: 'Regions',
  logStream: 'Log stream',
  vega: 'Vega',
  timelion: 'Timelion',
  controls: 'Controls',
  links: 'Links',
  savedSearch: 'Saved search',
  chart: 'Chart',

  // read
  tsvbPanelsAreNotDrawn: 'TSVB panels are not drawn here; the same numbers make a line chart with a formula.',
  vegaSpecifications: 'Vega specifications are programs and are not run here.',
  timelionExpressions:
    'Timelion expressions are not run here; the same series make a line chart with a formula.',
  thisLensChartCannot: 'This Lens chart cannot be expressed here.',
  itsVisStateIsNotJson: 'Its visState is not JSON.',
  thereIsNoChart: (name: string) => `There is no chart of the type “${name}” here.`,

  // request
  thereAreNoBuckets: (type: string) => `There are no buckets of the type “${type}” here.`,

  // response
  partOfTheData: (reason: string) => `Part of the data is missing: ${reason}.`,
  ofOtherOnlyTheCount: 'Of “Other” only the count is known.',

  // shift
  shift: (text: string) => `shift ${text}`,

  // suggest
  where: (name: string) => `Where: ${name}`,
  documents: 'Documents',
  documentsOverTime: 'Documents over time',
  distributionOf: (name: string) => `Distribution of ${name}`,
  overTime: (name: string) => `${name} over time`,
  sumOfOverTime: (name: string) => `Sum of ${name} over time`,
  topValuesOf: (name: string) => `Top values of ${name}`,
  sharesOf: (name: string) => `Shares of ${name}`,
  by: (metric: string, field: string) => `${metric} by ${field}`,
  and: (outer: string, inner: string) => `${outer} and ${inner}`,

  // title
  andMore: (value: string, count: number) => `${value} and ${count} more`,
  overTimeWord: 'over time',

  // totals
  percentages: (name: string) => `${name} percentages`,

  // tsvb
  thisTsvbPanelCannot: (message: string) => `This TSVB panel cannot be shown: ${message}`,
  itHasNoSeries: 'it has no series.',
  panelsOfTheType: (type: string) => `panels of the type “${type}” are not drawn here.`,
  valuesInsideTheText: 'Values inside the text are not filled in.',
  overTheWholeTimeKibana: 'Over the whole time; Kibana shows the last interval of it.',
  itsTableHasNoRows: 'its table has no rows to group by.',
  someOfItsSeries: 'some of its series are split and others are not.',
  itsFiltersAreMissing: 'its filters are missing.',
  aSeriesHasNoMetric: 'a series has no metric.',
  ofField: (field: string) => ` of ${field}`,
  itsMetricsReferInACircle: 'its metrics refer to each other in a circle.',
  metricsOfTheType: (type: string) => `metrics of the type “${type}” are not known.`,
  aMetricIsMade: 'a metric is made of one that is missing.',
  ratiosOfAreNotKnown: (aggregation: string) => `ratios of “${aggregation}” are not known.`,
  itsFormulaNames: (name: string) => `its formula names “${name}”, which is not defined.`,
  itsFormulaUsesAllValues: 'its formula uses all values of the series at once.',
  itsFormulaAsks: (condition: string) => `its formula asks for “${condition}”, which is not known.`,
  itAggregatesItsSeriesBy: (functionText: string) => `it aggregates its series by “${functionText}”.`,
  itsDataViewIsAnother: (index: string) => `its data view “${index}” is another than its panel's.`,
  itsColumnsAreSplitOnce: 'its columns are split once more.',

  // tsvb_metrics
  aRatePer: (text: string) => `a rate per “${text}” is not known.`,
}
