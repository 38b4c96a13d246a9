// The texts of the parts that pages share.

export const texts = {
  // AppMenu
  elkhornPages: 'Elkhorn: pages',
  pagesGThenALetter: 'Pages (g, then a letter)',
  pages: 'Pages',

  // Calendar
  monday: 'Monday',
  tuesday: 'Tuesday',
  wednesday: 'Wednesday',
  thursday: 'Thursday',
  friday: 'Friday',
  saturday: 'Saturday',
  sunday: 'Sunday',
  earlierMonths: 'Earlier months',
  laterMonths: 'Later months',
  pressTheFirstDayThen: 'Press the first day, then the last',
  nowPressTheLastDay: 'Now press the last day',

  // Confirm
  type: 'Type',
  toConfirm: 'to confirm',
  cancel: 'Cancel',

  // CopyButton
  copied: 'Copied',
  copyingIsNotAllowedHere: 'Copying is not allowed here',

  // DocumentView
  document: 'Document',
  fields: 'Fields',
  surrounding: 'surrounding',
  findInTheFields: 'Find in the fields',
  noFieldHasThat: 'No field has that in its name or value.',
  inTheChosenZone: 'In the time zone that is chosen above',
  copyJson: 'Copy JSON',
  onlyEventsWithThis: (name: string) => `Only events with this ${name}`,
  withoutThis: (name: string) => `Without this ${name}`,
  onlyEventsThatHave: (name: string) => `Only events that have ${name}`,
  removeColumn: (name: string) => `Remove column ${name}`,
  showAsAColumn: (name: string) => `Show ${name} as a column`,
  showLess: 'show less',
  showAllLetters: (count: string) => `show all (${count} letters)`,

  // ErrorBoundary
  thePageStoppedBecause: 'The page stopped because of a fault in it',
  yourLogsAreNotAffected: 'Your logs are not affected. The address of this page tells what led here.',
  loadItAgain: 'Load it again',
  startAfresh: 'Start afresh',

  // EventRow
  closeTheEvent: 'Close the event',
  openTheEvent: 'Open the event',
  storyOfThis: (field: string) => `Story of this ${field}`,
  everythingWithThisOverAll: (field: string) => `Everything with this ${field}, over all services`,
  only: (field: string, value: string) => `Only ${field}: ${value}`,
  without: (field: string, value: string) => `Without ${field}: ${value}`,

  // EventTable
  events: 'Events',
  open: 'Open',
  time: 'Time',
  level: 'Level',

  // FilterAdd
  is: 'is',
  isNot: 'is not',
  hasTheWords: 'has the words',
  hasNotTheWords: 'does not have the words',
  isOneOf: 'is one of',
  isNotOneOf: 'is not one of',
  isBetween: 'is between',
  isNotBetween: 'is not between',
  valuesWithCommas: 'Values, with commas between',
  whatThereIs: 'What there is',
  fromValue: (value: string) => `from ${value}`,
  belowValue: (value: string) => `below ${value}`,
  doesNotExist: 'does not exist',
  filterWord: 'filter',
  addAFilter: 'Add a filter',
  field: 'Field',
  condition: 'Condition',
  value: 'Value',
  asQueryDsl: 'as query DSL',
  add: 'Add',

  // FilterDsl
  query: 'Query',
  called: 'Called',
  asTheQueryWhenEmpty: 'as the query, when empty',
  thisIsNotAJson: 'This is not a JSON object',
  filterByIt: 'Filter by it',

  // FilterPill
  pinnedStaysWhenTheRest: 'Pinned: stays when the rest is cleared',
  not: 'not',
  removeTheFilter: (text: string) => `Remove the filter ${text}`,
  filterNamed: (text: string) => `Filter ${text}`,
  filter: 'Filter',
  includeInstead: 'Include instead',
  excludeInstead: 'Exclude instead',
  switchOn: 'Switch on',
  switchOffForNow: 'Switch off for now',
  unpin: 'Unpin',
  pin: 'Pin',
  editTheFilter: 'Edit…',
  save: 'Save',
  editAsQueryDsl: 'Edit as query DSL…',
  remove: 'Remove',
  exists: 'exists',
  has: (value: string) => `has ${value}`,

  // HealthMark
  closed: 'closed',
  healthy: 'healthy',
  degraded: 'degraded',
  failing: 'failing',

  // HelpSheet
  keyboardShortcuts: 'Keyboard shortcuts',
  keyboard: 'Keyboard',

  // Histogram
  total: 'total',
  eventsOverTimeBars: (total: string, count: number, marksText: string) =>
    `${total} events over time, ${count} bars${marksText}`,
  since: (label: string, at: string) => `${label} since ${at}`,
  before: 'before',

  // LuceneOffer
  kqlHasNoSuchThing: (parts: string) => `KQL has no such thing: ${parts}`,
  asLucene: 'As Lucene',

  // Palette
  commands: 'Commands',
  findACommandAField: 'Find a command, a field, or what is saved',
  found: 'Found',
  nothingIsCalledThat: 'Nothing is called that',

  // QueryBar
  search: 'Search',
  searchForExample: (example: string) => `Search, for example  ${example}`,
  notSearchedForYet: 'Not searched for yet',
  theResultsAreThose: 'The results are those of the search before (Enter)',
  clearTheSearch: 'Clear the search',
  suggestions: 'Suggestions',
  didYouMean: ' – did you mean',

  // ThemeMenu
  asTheSystem: 'As the system',
  light: 'Light',
  dark: 'Dark',
  theme: 'Theme',
  themeWithKey: 'Theme (d)',

  // TimePicker
  timeRangeWithKey: 'Time range (t)',
  timeRange: 'Time range',
  quick: 'Quick',
  recent: 'Recent',
  from: 'From',
  to: 'To',
  apply: 'Apply',
  theFirstMustComeBefore: 'The first must come before the second',
  writeNow3h: 'Write now-3h, now/d, 2 hours ago, yesterday 14:30, 21 Nov, 2026-11-21 14:30',
  roundNowTo: 'Round “now” to',
  theMomentItself: 'The moment itself',
  nowFromTheBeginning: (unit: string, name: string) => `now/${unit}: from the ${name}'s beginning to its end`,

  // usePages
  rowsOf: (first: string, last: string, count: string) => `${first}–${last} of ${count}`,
  previousPage: 'Previous page',
  nextPage: 'Next page',

  // ZoneMenu
  timesAreShownIn: (zone: string) => `Times are shown in ${zone}`,
  timeZoneIs: (zone: string) => `Time zone: ${zone} `,
  timeZone: 'Time zone',
  anotherZoneSuchAsOslo: 'Another zone, such as Oslo',
  findATimeZone: 'Find a time zone',
  timeZones: 'Time zones',
  thisBrowser: 'This browser',
  noZoneHasThisInItsName:
    'No zone has this in its name. Zones are named after large cities, such as Europe/Berlin.',
  linksAndStoredTimes: 'Links and stored times are in UTC whatever is chosen here.',

  // RefreshMenu
  refresh: 'Refresh',
  askAgain: 'Ask again',
  refreshByItself: 'Refresh by itself',
  off: 'Off',
  every: (text: string) => `Every ${text}`,
}
