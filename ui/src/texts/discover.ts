// Discover, but for its tabs, the surroundings of a document, and traces.

import { plural } from './plural'

export const texts = {
  // ask/AskReading
  theValuesOfTheFields: (message: string) => `The values of the fields did not come: ${message}`,
  askInPlainWordsSuchAs: 'Ask in plain words, such as',
  errorsByServiceSinceYesterday: 'errors by service since yesterday',
  slowestToolsInTheLast: 'slowest tools in the last hour',
  or: 'or',
  top5UsersByCost: 'top 5 users by cost',
  theQueryIsShownBefore: '. The query is shown before it is searched for.',
  lookingUpTheValues: 'Looking up the values of the fields…',
  nothingOfThisIsUnderstood:
    'Nothing of this is understood. It knows times, levels, and the names and values of the fields.',
  howTheQuestionIsRead: 'How the question is read',
  queryText: 'Query',
  timeText: 'Time',
  asAbove: (range: string) => `as above: ${range}`,
  shows: 'Shows',
  notUnderstoodAndLeftOut: (left: string) => `Not understood and left out: ${left}`,
  drawIt: 'Draw it',
  search: 'Search',
  editTheQuery: 'Edit the query',
  notUnderstood: 'Not understood',

  // ask/queries

  // examples
  theWordInAnyField: 'the word in any field',
  oneConditionAndNotAnother: 'one condition and not another',
  thePhrase: 'the phrase',
  oneOfTwo: 'one of two',
  aComparison: 'a comparison',
  hasTheField: 'has the field',
  beginsWith: 'begins with',
  theSameWithSigns: 'the same, with signs',
  theWordsAtMostTwo: 'the words, at most two places apart',
  from500ToBelow1000: 'from 500 to below 1000',
  oneLetterMayDiffer: 'one letter may differ',
  aRegularExpression: 'a regular expression',
  searchingWith: (language: string) => `Searching with ${language}`,

  // export/ExportMenu
  exportEverythingFound: 'Export everything found',
  exportingShare: (share: string) => `export ${share}`,
  exportWord: 'export',
  export: 'Export',
  exported: 'Exported',
  cancel: 'Cancel',
  allEventsOfThisSearch: (total: string) => `All ${total} events of this search and time, newest first.`,
  csvHasTheColumns: 'CSV has the columns of the table, NDJSON the whole documents.',
  amount: (written: string, bytes: string) => `${written} events, ${bytes}`,
  amountOf: (written: string, total: string, bytes: string) => `${written} of ${total}, ${bytes}`,
  done: (amount: string) => `Done: ${amount}`,
  cancelledAfterEvents: (written: string) => `Cancelled after ${written} events; nothing was saved`,
  stoppedAfterEvents: (written: string, reason: string) => `Stopped after ${written} events: ${reason}`,

  // Failure
  whatIsBelowWasFound: '· what is below was found before',

  // FieldList
  removeColumn: (name: string) => `Remove column ${name}`,
  showAsAColumn: (name: string) => `Show ${name} as a column`,
  fields: 'Fields',
  findAField: 'Find a field',
  notInTheseEvents: (count: number) => `${count} not in these events`,
  noFieldIsCalledThat: 'No field is called that',

  // FieldValues
  min: 'min',
  max: 'max',
  noValuesHere: 'No values here',
  notIndexedCannotBeSearched: 'Not indexed: cannot be searched',
  ofLoadedEvents: (total: string) => `of ${total} loaded events`,
  onlyThese: 'only these',
  stackByIt: 'stack by it',
  inAll: (total: string) => `in all ${total}`,
  inShareOf: (having: string, total: string) => `in ${having} of ${total}`,
  only: (name: string, text: string) => `Only ${name}: ${text}`,
  without: (name: string, text: string) => `Without ${name}: ${text}`,

  // FilterBar
  filtersAndView: 'Filters and view',
  filters: 'Filters',
  showTheFieldsWithKey: 'Show the fields (b)',
  hideTheFieldsWithKey: 'Hide the fields (b)',
  pressAFieldAValue: 'Press a field, a value or a bar to narrow down',
  resetColumns: 'reset columns',
  wrapLongLinesWithKey: 'Wrap long lines (w)',
  wrap: 'wrap',
  share: 'share',

  // FirstEvents
  aFile: 'A file',
  followOneOrMoreFiles: 'Follow one or more files; new lines appear as they are written.',
  oneEventOverHttp: 'One event over HTTP',
  anyJsonObject: 'Any JSON object is an event.',
  oneEventOver: 'One event over the Elasticsearch API',
  aProgramOrFilebeat: 'A program, or Filebeat',
  pipeWhatAProgramPrints: 'Pipe what a program prints, or point Filebeat’s output here.',
  sendTheFirstEvent: 'Send the first event',
  takeWhicheverIsNearest: 'Take whichever is nearest. Nothing has to be configured.',
  copy: 'Copy',
  waitingForTheFirstEvent: 'Waiting for the first event…',
  justLooking: 'Just looking?',
  writesALiveMadeUp: 'writes a live, made-up workload of a ChatGPT app.',

  // IndexPicker
  allIndices: 'All indices',
  nothingYet: 'nothing yet',
  searches: (index: string) => `Searches ${index}`,
  indexPattern: 'Index pattern',
  findOrWriteAPattern: 'Find, or write a pattern such as logs-*,ml-*',
  findOrWriteAnIndex: 'Find or write an index pattern',
  dataViews: 'Data views',
  indicesAndDataStreams: 'Indices and data streams',
  indexPatterns: 'Index patterns',
  searchesNamed: (text: string) => `searches ${text}`,
  theNewestEvent: (newest: string) => `The newest event is of ${newest}, which is yet to come`,
  hasFutureEvents: 'has future events',
  eventsInIndices: (docs: string, indices: string) => `${docs} events in ${indices} indices`,

  // Notices
  the: (rangeText: string) => `the ${rangeText}`,
  nothingIn: (range: string) => `Nothing in ${range}`,
  eventsMatchAtOtherTimes: (matchingCount: string) =>
    `${matchingCount} events match at other times; the newest was`,
  theNewestEventWas: 'The newest event was',
  showIt: 'Show it',
  clearTheSearchAndFilters: 'Clear the search and filters',
  noEventOfAnyTime: 'No event of any time matches the search and filters.',
  theseIndicesHoldNoEvents: 'These indices hold no events with a time.',
  theSearchFailed: 'The search failed',
  tryAgain: 'Try again',
  openInTheConsole: 'Open in the console',
  copyTheRequest: 'Copy the request',
  theSearchCannotBeRead: 'The search cannot be read',
  didYouMean: '. Did you mean',

  // palette
  command: 'command',
  time: 'time',
  indexPatternWord: 'index pattern',
  fieldColumnOnOrOff: 'field: column on or off',

  // queries
  aSearchWithoutASubject: 'a search without a subject was started',

  // ResultHead
  notSearched: 'not searched',
  eventsWord: (total: number) => plural(total, 'event', 'events'),
  partial: (missing: string) => `Partial: ${missing}`,
  newer: (newer: string) => `${newer} newer`,
  pausedWhileYouRead: 'Paused while you read',
  andShow: (what: string) => `${what} · show`,
  legend: 'Legend',
  onlyWithShiftWithout: (field: string, label: string) => `Only ${field}: ${label} (with Shift: without)`,
  stackTheHistogram: 'Stack the histogram by a field',
  stackByWord: 'stack by',
  by: (stackField: string) => `by ${stackField}`,
  stackBy: 'Stack by',
  nothing: 'Nothing',
  fromInTheBefore: (before: string, count: string) => `from ${before} in the ${count} before`,
  showThePeriodBefore: 'Show the period before this one as a line',
  before: 'before',

  // Results
  events: 'Events',
  patterns: 'Patterns',
  compare: 'Compare',
  results: 'Results',
  resultsAs: 'Results as',
  theTimeRangeCannot: 'The time range cannot be read',
  chooseAnotherOne: 'Choose another one at the top right.',
  noSuchIndex: 'No such index',
  searchAllIndices: 'Search all indices',
  noIndexAliasOrData: (index: string) => `No index, alias or data stream matches ${index}.`,
  noTimeField: 'No time field',
  thisPattern: 'this pattern',
  noIndexHasADateField: (index: string) =>
    `No index of ${index} has a date field, so its events cannot be put in order.`,
  loadingMore: 'Loading more…',
  theFirstOfNarrow: (loaded: string, total: string) =>
    `The first ${loaded} of ${total}. Narrow the time or the search to see the others.`,
  thatIsAll: 'That is all.',

  // saved/OpenPage
  savedSearch: 'Saved search',
  theSavedSearchDidNotCome: 'The saved search did not come',

  // saved/SavedMenu
  savedSearchesAndQueries: 'Saved searches and queries',
  savedWord: 'saved',
  savedSearches: 'Saved searches',

  // saved/SavedPanel
  filtersCount: (count: number) => `${count} ${plural(count, 'filter', 'filters')}`,
  fromAQuery: 'from a query…',
  copyAsQuery: 'copy as query',
  nameOfThisSearch: 'Name of this search',
  name: 'Name',
  saveAgain: 'Save again',
  save: 'Save',
  onlyTextAndFilters: 'only text and filters',
  withTheTime: 'with the time',
  savedNamed: (title: string) => `Saved “${title}”`,
  deleted: (title: string) => `Deleted “${title}”`,
  undo: 'Undo',
  saved: 'Saved',
  nothingIsSavedYet: 'Nothing is saved yet.',
  newNameOf: (title: string) => `New name of ${title}`,
  rename: 'Rename',
  query: 'query',
  renameNamed: (title: string) => `Rename ${title}`,
  deleteNamed: (title: string) => `Delete ${title}`,
  delete: 'Delete',
  aSearchAsJson: 'A search as JSON, with its query',
  thisHoldsNoQuery: 'This holds no query',
  searchForIt: 'Search for it',

  // SearchBar
  queryLanguage: 'Query language',
  askInPlainWords: 'ask in plain words',

  // SubBar
  back: 'Back',

  // timeline
  eventsPlain: 'events',
  other: 'other',
  empty: '(empty)',

  // TopBar
  discover: 'Discover',
  zoomOut: 'Zoom out',
  twiceTheTimeWithKey: 'Twice the time (z)',
  keyboardShortcuts: 'Keyboard shortcuts',
  keyboardShortcutsWithKey: 'Keyboard shortcuts (?)',
  searchAgain: 'Search again',
  searchAgainWithKey: 'Search again (r)',
  liveRefresh: 'Live refresh',
  liveRefreshWithKey: 'Live refresh (l)',
  live: 'Live',
  off: 'Off',
  asEventsArrive: 'As events arrive',
  everyS: (mode: number) => `Every ${mode} s`,

  // useSuggestions
  is: 'is',
  exists: 'exists',
}
