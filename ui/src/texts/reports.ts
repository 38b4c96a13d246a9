// The pages of reports.

import { plural } from './plural'

export const texts = {
  // AddMenu
  isNoImageThatCan: (name: string) =>
    `“${name}” is no image that can be shown: PNG, JPEG, GIF, WebP and SVG are.`,
  isLargerThanKB: (name: string, maxImageBytes: number) =>
    `“${name}” is larger than ${maxImageBytes} kB. A report holds its images itself.`,
  add: 'Add',
  imageAsking: 'Image…',
  savedChartAsking: 'Saved chart…',
  theFileCannotBeRead: 'the file cannot be read',

  // Colour
  anotherColour: (label: string) => `${label}: another colour`,

  // draw/Drawn
  thisElementIsNotDrawn: 'This element is not drawn',

  // draw/key
  all: 'all',
  numbersOfThisChart: 'Numbers of this chart',

  // draw/Pie
  theWhole: 'the whole',
  sharesOf: (label: string) => `Shares of ${label}`,
  slice: 'Slice',
  other: 'Other',

  // draw/Plot
  chartOf: (names: string) => `Chart of ${names}`,

  // draw/TableView
  andMore: (more: number) => `and ${more} more`,

  // Fields
  sizeOf: (label: string) => `Size of ${label}`,
  weightOf: (label: string) => `Weight of ${label}`,
  sideOf: (label: string) => `Side of ${label}`,
  colourOf: (label: string) => `Colour of ${label}`,
  queryWithKey: 'Query (SQL)',
  indices: 'Indices',
  documentsLucene: 'Documents (Lucene)',
  calculation: 'Calculation',
  alongTheAxis: 'Along the axis',
  value: 'Value',
  series: 'Series',
  theText: 'the text',
  label: 'Label',
  format: 'Format',
  theNumber: 'the number',
  form: 'Form',
  most: 'Most',
  thickness: 'Thickness',
  colour: 'Colour',
  fill: 'Fill',
  border: 'Border',
  widthOfTheBorder: 'Width of the border',
  fitsItsBoxBy: 'Fits its box by',
  rows: 'Rows',
  headsOfColumns: 'Heads of columns',
  hole: 'Hole, %',
  namesBesideTheSlices: 'Names beside the slices',
  widthOfLines: 'Width of lines',
  widthOfBars: 'Width of bars, 0 to 1',
  content: 'Content',

  // Inspector
  settings: 'Settings',
  elements: (count: number) => `${count} elements`,
  left: 'Left',
  top: 'Top',
  turn: 'Turn, °',
  place: 'Place',
  expression: 'Expression',

  // kinds
  text: 'Text',
  number: 'Number',
  progress: 'Progress',
  chart: 'Chart',
  pie: 'Pie',
  table: 'Table',
  shape: 'Shape',
  line: 'Line',

  // Layout
  leftEdges: 'Left edges',
  middlesAcross: 'Middles, across',
  rightEdges: 'Right edges',
  upperEdges: 'Upper edges',
  middlesUpright: 'Middles, upright',
  lowerEdges: 'Lower edges',
  toTheFront: 'To the front',
  forward: 'Forward',
  backward: 'Backward',
  toTheBack: 'To the back',
  align: 'Align',
  alignNamed: (label: string) => `Align: ${label}`,
  withThePage: (label: string) => `${label}, with the page`,
  sameGapsAcross: 'Same gaps across',
  sameGapsDown: 'Same gaps down',
  layer: 'Layer',
  remove: 'Remove',

  // LibraryDialog
  addASavedChart: 'Add a saved chart',
  findInTheLibrary: 'Find in the library',
  theLibraryDidNotCome: 'The library did not come',
  loadingTheLibrary: 'Loading the library',
  nothingIsSavedUnder: 'Nothing is saved under that name.',

  // ListPage
  wasNotImported: (title: string, message: string) => `“${title}” was not imported: ${message}`,
  objectsImported: (count: number) => `${count} ${plural(count, 'object', 'objects')} imported`,
  newReport: 'New report',
  command: 'command',
  importAReport: 'Import a report',
  reports: 'Reports',
  findAReport: 'Find a report',
  undo: 'Undo',
  fileOfReports: 'File of reports',
  import: 'Import',
  theReportsDidNotCome: 'The reports did not come',
  loadingReports: 'Loading reports',
  noReportYet: 'No report yet',
  aReportIsAPage:
    'A report is a page for other people: text, numbers and charts at exact places, with live data.',
  noReportIsCalled: (text: string) => `No report is called “${text}”`,
  name: 'Name',
  pages: 'Pages',
  duplicate: 'Duplicate',

  // names
  image: 'Image',
  savedChart: 'Saved chart',
  savedSearch: 'Saved search',
  time: 'Time',
  element: 'Element',
  elementThatCannotBeRead: 'Element that cannot be read',

  // Pages
  page: (number: number) => `Page ${number}`,
  thisPage: 'This page',
  addAPage: 'Add a page',
  duplicateThisPage: 'Duplicate this page',
  moveThisPageUp: 'Move this page up',
  moveThisPageDown: 'Move this page down',
  removeThisPage: 'Remove this page',

  // PageSettings
  report: 'Report',
  sizeOfThePages: 'Size of the pages',
  itsOwn: 'Its own',
  width: 'Width',
  height: 'Height',
  groundOfThisPage: 'Ground of this page',
  arrowKeysMoveWhat:
    'Arrow keys move what is chosen by a pixel, with Shift by ten, and size it with Alt. Brackets go through the layers, Delete removes.',

  // PageView
  sizeByThe: (name: string) => `Size by the ${name}`,

  // queries
  askedTooEarly: 'asked too early',
  isNotInTheLibrary: (type: string, id: string) => `The ${type} “${id}” is not in the library.`,
  allIndices: 'All indices',

  // ReportPage
  stopEditing: 'Stop editing',
  editTheReport: 'Edit the report',
  addAnElement: 'Add an element',
  slideShow: 'Slide show',
  printTheReport: 'Print the report',
  allReports: 'All reports',
  tools: 'Tools',
  zoom: 'Zoom',
  fit: (zoom: number) => `Fit · ${zoom} %`,
  redo: 'Redo',
  saveAs: 'Save as',
  discard: 'Discard',
  done: 'Done',
  edit: 'Edit',
  present: 'Present',
  close: 'Close',
  arrowKeysMove:
    'Arrow keys move by a pixel, with Shift by ten, with Alt they size. Brackets change the layer, Delete removes.',
  loadingTheReport: 'Loading the report',
  thereIsNoSuchReport: 'There is no such report',
  nothingIsSavedUnderItMay: (id: string) =>
    `Nothing is saved under “${id}”. It may have been deleted, or the link is cut off.`,
  theReportDidNotCome: 'The report did not come',
  pageBefore: 'Page before',
  pageOf: (number: number, count: number) => `${number} of ${count}`,
  nextPage: 'Next page',
  leaveTheSlideShow: 'Leave the slide show',

  // SaveDialog
  saveTheReport: 'Save the report',
  openItWithThisTime: (time: string) => `Open it with this time: ${time}`,
  keepTheOne: 'Keep the one that is there, and save this as another',
  cancel: 'Cancel',
  save: 'Save',

  // ShareMenu
  share: 'Share',
  printOrSaveAsPdf: 'Print, or save as PDF',
  thisPageAsPng: 'This page as PNG',
  exportAsNdjson: 'Export as NDJSON',
  copyTheLink: 'Copy the link',

  // TemplateList
  templates: 'Templates',
  beginWithATemplate: 'Begin with a template',

  // templates/status
  statusOfTheAiService: 'Status of the AI service',
  statusOfTheAiServiceText: '# Status of the AI service',
  liveDataOfThisInstallation: 'Live data of this installation',
  callsOfLanguageModels: 'calls of language models',
  secondsForCalls: 'seconds for 95 of 100 calls',
  spentOnModels: 'spent on models',

  // templates/table
  aSlideCallsSpeedCost: 'A slide: calls, speed, cost, failures and models of the last day.',
  twoSheetsOfA4: 'Two sheets of A4 to hand round: use, cost, tools and their health.',

  // templates/weekly
  weeklyNumbers: 'Weekly numbers',
  weeklyNumbersText: '# Weekly numbers',
  sForAnAnswerMean: 's for an answer, mean',
  callsOfEachModel: '### Calls of each model',
  whatPeopleAskFor: '### What people ask for',
  whatItCosts: '### What it costs',
  toolsAndTheirHealth: '## Tools and their health',
  callsThatCameThrough: '### Calls that came through',
  failuresByTheirKind: '### Failures, by their kind',
  timeToAnswerMean: '### Time to answer, mean by the hour',
  pageOfTwo: (number: number) => `${number} of 2`,

  // useSave
  someoneElseHasSaved:
    'Someone else has saved this report meanwhile. Save yours as another one, or discard it.',

  // useSelection
  fromTheLeft: (left: number, top: number, width: number, height: number) =>
    `${left} from the left, ${top} from the top, ${width} wide, ${height} high`,
  elementsMoved: (size: number) => `${size} elements moved`,
  removed: 'Removed',
  elementsRemoved: (size: number) => `${size} elements removed`,
  copied: 'Copied',
  elementsCopied: (count: number) => `${count} elements copied`,
}
