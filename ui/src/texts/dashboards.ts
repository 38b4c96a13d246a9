// The pages of dashboards.

export const texts = {
  // AddDialog
  fromAField: 'From a field',
  fromTheLibrary: 'From the library',
  text: 'Text',
  control: 'Control',
  addAPanel: 'Add a panel',
  kinds: 'Kinds',
  chooseTheLogsToLook: 'Choose the logs to look at',
  indicesWithoutADataView: 'Indices without a data view',
  findAField: 'Find a field',
  fields: 'Fields',
  anotherField: 'Another field',
  suggestedCharts: 'Suggested charts',
  findAChart: 'Find a chart',
  findAChartOrASaved: 'Find a chart or a saved search',
  library: 'Library',
  nothingIsSavedUnderThisName: 'Nothing is saved under such a name.',
  addTheText: 'Add the text',
  narrowsAllPanelsDown: 'Narrows all panels down to some values, or to a span of numbers.',
  spanOfNumbers: 'span of numbers',
  listOfValues: 'list of values',

  // AnnotationDialog
  annotations: 'Annotations',
  everyChartOverTimeMarks:
    'Every chart over time marks when something was: a deployment, an incident, a change of the model.',
  removeNamed: (label: string) => `Remove ${label}`,
  removedTheAnnotation: (label: string) => `Removed the annotation “${label}”`,
  label: 'Label',
  deployment: 'Deployment',
  documentsToMarkInKql: 'Documents to mark, in KQL',
  add: 'Add',

  // ControlBar
  controls: 'Controls',
  clear: 'Clear',
  removedTheControl: (title: string) => `Removed the control “${title}”`,
  removeTheControl: 'Remove the control',
  any: 'Any',
  not: 'not',
  span: (from: string | number, to: string | number) => `${from} to ${to}`,
  findAValue: 'Find a value',
  everythingButThese: 'Everything but these',
  from: 'From',
  fromWord: 'from',
  toWord: 'to',
  to: 'To',
  apply: 'Apply',

  // DashboardPage
  stopEditing: 'Stop editing',
  editTheDashboard: 'Edit the dashboard',
  fullScreen: 'Full screen',
  exportTheDashboard: 'Export the dashboard',
  printTheDashboard: 'Print the dashboard',
  dashboard: 'Dashboard',
  searchAndTime: 'Search and time',
  allDashboards: 'All dashboards',
  zoomOut: 'Zoom out',
  twiceTheTime: 'Twice the time',
  filtersAndView: 'Filters and view',
  pressABarASlice: 'Press a bar, a slice or a cell to narrow everything down',
  leaveFullScreen: 'Leave full screen',
  allPanels: 'All panels',
  saveAs: 'Save as',
  discard: 'Discard',
  done: 'Done',
  edit: 'Edit',
  nothingButTheData: 'Nothing but the data',
  share: 'share',
  theSearchCannotBeRead: (message: string) => `The search cannot be read: ${message}`,
  theAnnotationsDidNotCome: (message: string) => `The annotations did not come: ${message}`,
  yourChangesFromBefore: 'Your changes from before are here, and not saved yet.',
  discardThem: 'Discard them',
  loadingTheDashboard: 'Loading the dashboard',
  thereIsNoSuchDashboard: 'There is no such dashboard',
  nothingIsSavedUnder: (id: string) =>
    `Nothing is saved under “${id}”. It may have been deleted, or the link is cut off.`,
  theDashboardDidNotCome: 'The dashboard did not come',
  anEmptyDashboard: 'An empty dashboard',
  pickAFieldAndSee: 'Pick a field and see a chart at once, or take one from the library.',
  chartsOfTheLibraryDidNotCome: 'Charts of the library did not come:',
  someoneElseHasSaved:
    'Someone else has saved this dashboard meanwhile. Save yours as another one, or discard it.',

  // EditBar
  createChart: 'Create chart',
  notSaved: 'not saved',

  // EmptyBoard
  createAChart: 'Create a chart',
  orHaveOneSuggested: 'Or have one suggested, from the fields of',
  suggestedFrom: 'Suggested from',

  // Grid
  columnRowWideHigh: (title: string, x: number, y: number, w: number, h: number) =>
    `${title}: column ${x}, row ${y}, ${w} wide, ${h} high`,
  move: (title: string) => `Move ${title}`,
  dragOrArrowKeys: 'Drag, or arrow keys; with Shift farther',
  resize: (title: string) => `Resize ${title}`,

  // ImportDialog
  isThereAlready: 'is there already',
  needsWhatIsMissing: 'needs what is missing',
  isOfAType: 'is of a type that is not kept here',
  import: 'Import',
  anExportOfKibana7:
    'An export of Kibana 7 or 8 or of this server (.ndjson), or a dashboard as JSON, as articles print them.',
  file: 'File',
  whatIsThereAlready: 'What is there already',
  keepItAndTellMe: 'Keep it, and tell me',
  replaceIt: 'Replace it',
  keepItAndImport: 'Keep it, and import as copies',
  close: 'Close',
  cancel: 'Cancel',
  aDashboardAsJsonCannot: 'A dashboard as JSON cannot be imported as copies; replace it, or keep it.',
  objectsImported: (count: number) => `${count} objects imported.`,
  objectsHaveAProblem: (count: number) => `${count} objects have a problem.`,
  othersAreInOrder: (count: number) => `${count} others are in order.`,
  open: (title: string) => `Open ${title}`,
  dataView: 'Data view',
  isInNoIndexYet: (field: string) => `${field} is in no index yet`,

  // Inspect
  requestsOf: (title: string) => `Requests of ${title}`,
  openInTheConsole: 'Open in the console',
  copyTheRequest: 'Copy the request',
  answer: 'Answer',
  moreCharacters: (count: number) => `${count} more characters`,

  // LibraryDialog
  isInTheLibraryNow: (title: string) => `“${title}” is in the library now`,
  saveToTheLibrary: 'Save to the library',
  everyDashboardCanShow: 'Every dashboard can show it then, and a change of it is seen on all of them.',

  // ListPage
  newDashboard: 'New dashboard',
  command: 'command',
  dashboards: 'Dashboards',
  findADashboard: 'Find a dashboard',
  undo: 'Undo',
  exportAll: 'Export all',
  theDashboardsDidNotCome: 'The dashboards did not come',
  loadingDashboards: 'Loading dashboards',
  noDashboardYet: 'No dashboard yet',
  buildOneFromAField: "Build one from a field, import one of Kibana's, or begin with a sample:",
  noDashboardIsCalled: (text: string) => `No dashboard is called “${text}”`,
  title: 'Title',
  description: 'Description',
  panels: 'Panels',

  // PanelDialog
  titleAndTime: 'Title and time',
  titleNothingShows: "Title; nothing shows the chart's own",
  hideTheTitle: 'Hide the title',
  time: 'Time',
  asTheDashboard: 'As the dashboard',

  // PanelView
  untitledPanel: 'Untitled panel',
  backToTheDashboard: 'Back to the dashboard',
  fillThePage: 'Fill the page',
  documentsBehindIt: 'Documents behind it',
  inspectTheRequest: 'Inspect the request',
  downloadAsCsv: 'Download as CSV',
  downloadAsPng: 'Download as PNG',
  clone: 'Clone',
  remove: 'Remove',
  removed: (title: string) => `Removed “${title}”`,
  panel: (title: string) => `Panel ${title}`,
  menuOf: (title: string) => `Menu of ${title}`,
  loading: 'Loading',
  theNewestAnswerFailed: (message: string) => `The newest answer failed: ${message}`,
  openInDiscover: 'Open in Discover',
  saveToLibrary: 'Save to library',
  unlinkFromLibrary: 'Unlink from library',

  // Pills
  filters: 'Filters',
  removeTheFilter: (text: string) => `Remove the filter ${text}`,
  filterNamed: (text: string) => `Filter ${text}`,
  filter: 'Filter',
  includeInstead: 'Include instead',
  excludeInstead: 'Exclude instead',
  switchOn: 'Switch on',
  switchOffForNow: 'Switch off for now',

  // queries
  theThatStoodHere: (type: string) => `The ${type} that stood here is not linked to any object.`,
  itsIsNotThereAnyMore: (type: string, error: string) => `Its ${type} is not there any more: ${error}.`,
  allIndices: 'All indices',
  askedTooEarly: 'asked too early',

  // SampleList
  samples: 'Samples',
  panelsOver: (panels: number, index: string) => `${panels} panels over ${index}`,

  // SaveDialog
  saveTheDashboard: 'Save the dashboard',
  opensWithThisTime: (time: string) => `Opens with this time: ${time}`,
  saveAsAnotherDashboard: 'Save as another dashboard',
  save: 'Save',

  // SearchBar
  queryLanguage: 'Query language',

  // useSuggested
  suggestedFromNamed: (name: string) => `Suggested from ${name}`,

  // useUnlink
  belongsToThisDashboard: (title: string) => `“${title}” belongs to this dashboard alone now`,
  wasNotUnlinked: (title: string, reason: string) => `“${title}” was not unlinked: ${reason}`,
}
