// What is said of workpads: what an expression, its SQL or its text cannot have.

export const texts = {
  // expression
  theExpressionIsLongerThanCharacters: (maxChars: number) =>
    `The expression is longer than ${maxChars} characters.`,
  isNotExpected: (here: string) => `“${here}” is not expected`,
  moreThanExpressionsInsideEachOther: (maxDepth: number) =>
    `more than ${maxDepth} expressions inside each other`,
  moreThanFunctions: (maxCalls: number) => `more than ${maxCalls} functions`,
  aFunctionIsExpected: 'a function is expected',
  isNoName: (cut: string) => `“${cut}” is no name of a function`,
  aBlankIsExpectedBefore: (here: string) => `a blank is expected before “${here}”`,
  aBraceIsNotClosed: 'a brace is not closed',
  aValueIsMissing: 'a value is missing',
  aQuoteIsNotClosed: 'a quote is not closed',
  aCommentIsNotClosed: 'a comment is not closed',
  theExpressionCannotBeRead: (what: string, place: string) =>
    `The expression cannot be read: ${what} (${place}).`,
  lineColumn: (line: number, column: number) => `line ${line}, column ${column}`,

  // functions/drawings
  theExpressionEndsInNoDrawing: (type: string) => `The expression ends in ${type}, which cannot be drawn.`,
  cssOfItsOwn: 'CSS of its own is kept and not applied.',
  renderDrawsItsInput: (as: string) => `“render” draws its input as what it is, and not as ${as}.`,
  linksOpenInANew: 'Links open in a new tab.',
  anImageIsNotLoaded: 'An image that is not in the workpad is not loaded: upload it.',
  progressNeedsAMaxAbove: '“progress” needs a max above 0.',
  needsPointseriesBefore: (of: string, type: string) =>
    `“${of}” needs “pointseries” before it, and got ${type}.`,
  piesLieFlatAndFill: 'Pies lie flat and fill their box here.',
  coloursAndLegends: 'Colours and legends of a saved chart are those that it is saved with.',
  theConfigurationCannotBeRead: 'The configuration of “embeddable” cannot be read.',

  // functions/func
  aText: 'a text',
  needs: (of: string, name: string) => `“${of}” needs ${name}.`,
  aNumber: 'a number',
  trueOrFalse: 'true or false',
  hasNoSuchValue: (of: string, name: string, text: string, allowed: string) =>
    `“${of}” has no ${name} “${text}” here; there are ${allowed}.`,
  takesOtherTypes: (of: string, wanted: string, name: string, type: string) =>
    `“${of}” takes ${wanted} as ${name}, and not ${type}.`,
  needsATableFromWhat: (of: string, type: string) =>
    `“${of}” needs a table from what stands before it, and got ${type}.`,
  needsASingleValue: (of: string, type: string) => `“${of}” needs a single value, and got ${type}.`,
  needsANumberAndGot: (of: string, cell: string) => `“${of}” needs a number, and got “${cell}”.`,

  // functions/points
  onlyTheFirstPoints: (maxPoints: number) => `Only the first ${maxPoints} points are drawn.`,

  // functions/single
  needsATimeAndGot: (of: string, cell: string) => `“${of}” needs a time, and got “${cell}”.`,
  dateReadsTimesAsIso: '“date” reads times as ISO 8601 here; a format of its own is not supported.',
  theWorkpadHasNoImage: (id: string) => `The workpad has no image “${id}”.`,
  theWorkpadHasNoVariable: (name: string) => `The workpad has no variable “${name}”.`,
  aComparison: 'a comparison',
  compareHasNoOperatorThere: (op: string) =>
    `“compare” has no operator “${op}”; there are eq, neq, gt, gte, lt, lte.`,
  switchTakesCases: '“switch” takes cases.',

  // functions/sources
  theFiltersOfTheWorkpad: 'The filters of the workpad are not in groups here.',
  namesOfIndexAndDocument: 'Names of index and document are no columns here.',
  atMostDocumentsAreRead: (maxDocuments: number) => `At most ${maxDocuments} documents are read.`,
  esdocsSortsAscOrDesc: (direction: string) => `“esdocs” sorts asc or desc, and not “${direction}”.`,
  parametersOfEssql: 'Parameters of “essql” are not supported here; write the values into the query.',

  // functions/styles
  aBackgroundImageIsNotLoaded: 'A background image that is not in the workpad is not loaded.',
  palettesHaveNoStopsHere: 'Palettes have no stops here: colours go by the order of the series.',
  palettesHaveNoRangesHere: 'Palettes have no ranges here.',
  theAxesOfAPlot: 'The axes of a plot stand at its left and below it.',

  // functions/table
  madeUpData: 'Made-up data is not part of this program; essql or esdocs read what is stored.',
  choicesOnThePage: 'Choices on the page are not drawn; a dashboard has controls.',
  pointsOnMaps: 'Points on maps are not computed here; a saved map shows them.',
  thePlaceOfTheReader: 'The place of the reader is not asked for.',
  patternsOfAForeignFile:
    'Patterns of a foreign file could stop the page, so “replace” is not run; mapColumn with switch names values.',
  repeatedImagesAreNotDrawn: 'Repeated images are not drawn; progress shows the same share.',
  imagesThatAreRevealed: 'Images that are revealed are not drawn; progress shows the same share.',
  mapsOfSeveralLayers:
    'Maps of several layers are not drawn here; a coordinate map of the library is, by savedVisualization.',
  timelionIsNotComputedHere:
    'Timelion is not computed here; essql with HISTOGRAM and plot show a series over time.',
  theAddressOfThePage: 'The address of the page is not read by expressions.',
  useEsdocs: 'Use esdocs.',

  // functions/tables
  thereIsNoColumnThereAre: (name: string, names: string) =>
    `There is no column “${name}”; there are ${names}.`,
  getCellGotATableWithout: '“getCell” got a table without columns.',
  columnsHaveNoIdsHere: 'Columns have no ids here beside their names.',
  mapColumnNeedsAnExpression: '“mapColumn” needs an expression.',
  filterrowsNeedsAnExpression: '“filterrows” needs an expression.',
  plyNeedsAColumn: '“ply” needs a column to group by.',
  plyNeedsAnExpression: '“ply” needs an expression.',
  theExpressionsOfPlyCome: 'The expressions of “ply” come to tables of different lengths.',

  // geometry
  upperLeftCorner: 'upper left corner',
  upperEdge: 'upper edge',
  upperRightCorner: 'upper right corner',
  rightEdge: 'right edge',
  lowerRightCorner: 'lower right corner',
  lowerEdge: 'lower edge',
  lowerLeftCorner: 'lower left corner',
  leftEdge: 'left edge',

  // math
  aCalculationIsEmpty: 'A calculation is empty.',
  aCalculationIsLongerThanCharacters: (maxChars: number) =>
    `A calculation is longer than ${maxChars} characters.`,
  theCalculationCannot: (text: string, at: string) => `The calculation “${text}” cannot be read at “${at}”.`,
  theCalculationEndsTooEarly: (text: string) => `The calculation “${text}” ends too early.`,
  aCalculationMustComeToANumber:
    'A calculation must come to one number: put a function such as mean() or sum() around the column.',
  aCalculationCameToAText: 'A calculation came to a text and not to a number.',
  thereIsNoColumn: (name: string, names: string) => `There is no column “${name}”; there ${names}.`,
  calculationsHave: (name: string, keys: string) =>
    `Calculations have no function “${name}”; there are ${keys}.`,
  isNone: 'is none',

  // model
  screen1080720: 'Screen, 1080 × 720',
  slides169: 'Slides, 16:9',
  slidesFullHd: 'Slides, Full HD',
  a4Upright: 'A4, upright',
  a4Across: 'A4, across',
  letterUpright: 'Letter, upright',
  letterAcross: 'Letter, across',

  // read
  cssOfTheWorkpad: 'CSS of the workpad is kept and not applied.',
  onlyTheFirstPages: (pages: number) => `Only the first ${pages} pages are shown.`,
  onlyTheFirstElements: (elements: number) => `Only the first ${elements} elements of a page are shown.`,
  anImageOfTheWorkpad: 'An image of the workpad is none that can be shown, and is left out.',

  // run
  theExpressionTakesMoreThanSteps: (maxCalls: number) =>
    `The expression takes more than ${maxCalls} steps: fewer rows are needed.`,
  takesNoArgumentWithout: (name: string) => `“${name}” takes no argument without a name.`,
  thereAre: (names: string) => `; there are ${names}`,
  hasNoArgumentHere: (name: string, wanted: string, names: string) =>
    `“${name}” has no argument “${wanted}” here${names}.`,
  didYouMean: (near: string) => `; did you mean “${near}”?`,
  thereIsNoFunction: (name: string, mend: string) => `There is no function “${name}” here${mend}`,

  // sql/parse
  sqlGroupsByColumns: 'SQL groups by columns and by HISTOGRAM here, and by nothing else.',
  theSqlIsTooDeep: 'The SQL has too many parentheses inside each other.',
  ofSqlIsNotComputed: (name: string) =>
    `${name}() of SQL is not computed here; there are COUNT, SUM, AVG, MIN, MAX, PERCENTILE, HISTOGRAM, DATE_TRUNC and ROUND.`,
  caseOfSqlTakes: (name: string) => `${name}(CASE …) of SQL takes a column, or 1 where it is a sum.`,
  caseOfSqlHasOneWhen: 'CASE of SQL has one WHEN here.',
  histogramOfSqlNeeds: 'HISTOGRAM of SQL needs an interval above 0.',
  cannotBeInACondition: (text: string) =>
    `${text}() cannot be in a condition of SQL here; there are MATCH and QUERY.`,
  ofSqlIsNotSupported: (word: string) => `${word} of SQL is not supported here.`,
  theSqlHasWhere: (text: string, word: string) => `The SQL has “${text}” where ${word} is expected.`,
  theSqlHasWhereIsExpected: (text: string, sign: string) =>
    `The SQL has “${text}” where “${sign}” is expected.`,
  parametersOfSql: 'Parameters (?) of SQL are not supported here; write the value itself.',
  theSqlEndsTooEarly: 'The SQL ends too early.',
  sqlHasNoInterval: (unit: string) => `SQL has no interval of a ${unit}.`,
  anIntervalIsNotSupported: (amount: number, unit: string) =>
    `An interval of ${amount} ${unit} is not supported: months, quarters and years go one by one.`,

  // sql/run
  sqlThatGroupsNames: 'SQL that groups names its columns; * is none.',
  theColumnOfSqlIsComputed: (name: string) =>
    `The column “${name}” of SQL is computed, which needs an aggregate or a group here.`,
  theColumnOfSqlIsNotGrouped: (name: string) =>
    `The column “${name}” of SQL is neither grouped by nor an aggregate.`,
  orderByOfSqlNames: (by: string) => `ORDER BY of SQL names “${by}”, which is no column of it.`,
  thereAreMoreThanGroups: (maxGroups: number) =>
    `There are more than ${maxGroups} groups; the others are left out.`,
  partOfTheData: (reason: string) => `Part of the data is missing: ${reason}.`,

  // sql/tokens
  aQueryInSql: (maxChars: number) => `A query in SQL is longer than ${maxChars} characters.`,
  theSqlCannotBeRead: (text: string) => `The SQL cannot be read at “${text}”.`,

  // template
  theTextIsLongerThanCharacters: (maxChars: number) => `The text is longer than ${maxChars} characters.`,
  theTextIsTooDeep: 'The text has too many blocks inside each other.',
  theTextHasAnElse: 'The text has an {{else}} outside of a block.',
  theTextClosesNoBlock: (inside: string) => `The text closes {{${inside}}}, which is not open.`,
  textsHaveNoBlockHere: (inside: string) => `Texts have no block {{${inside}}} here.`,
  theTextDoesNotClose: (kind: string) => `The text does not close {{#${kind}}}.`,
  eachGoesOverRowsHere: '{{#each}} goes over rows here.',
  textsHaveNoHereThere: (first: string) => `Texts have no {{${first} …}} here; there are math and format.`,
  theTextNamesNoColumn: (path: string, names: string) =>
    `The text names {{${path}}}, which is not there; columns: ${names}.`,
}
