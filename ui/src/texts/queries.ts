// What is wrong with a query in KQL or Lucene, and how to mend it.

export const texts = {
  // kql/parse
  signClosesNothing: (sign: string) => `this ${sign} closes nothing`,
  removeIt: 'remove it',
  expectedAndOrOrBefore: 'expected “and” or “or” before this',
  putAndBetweenTheTwo: 'put “and” between the two',
  nestedTooDeeply: 'nested too deeply',
  signIsNeverClosed: (sign: string) => `this ${sign} is never closed`,
  addSignAtTheEnd: (close: string) => `add ${close} at the end`,
  expectedAndOrOrBeforeThis: (close: string) => `expected “and”, “or” or ${close} before this`,
  aNestedFieldCannotHold: 'a nested field cannot hold *',
  aComparisonNeedsANumber: 'a comparison needs a number or a date, not *',
  theSearchEndsTooEarly: 'the search ends too early',
  writeAField: 'write a field or a word',
  nothingStandsBeforeThis: (kind: string) => `nothing stands before this ${kind}`,
  cannotStandHere: (what: string) => `“${what}” cannot stand here`,
  putItInQuotationMarks: 'put it in quotation marks to search for it',
  aValueIsMissing: 'a value is missing',
  writeAValue: 'write a value, or * for any',
  aValueIsMissingBeforeThis: 'a value is missing before this',

  // kql/tokens
  thisQuotationMarkIsNever: 'this quotation mark is never closed',
  addAtTheEnd: 'add " at the end',
  nothingFollowsThisBackslash: 'nothing follows this backslash',
  writeForABackslash: 'write \\\\ for a backslash',

  // lucene/parse
  thisClosesNothing: 'this ) closes nothing',
  nothingStandsBefore: 'nothing stands before',
  aWordIsMissingBefore: 'a word is missing before',
  aValueIsMissingBefore: 'a value is missing before',
  thisIsNeverClosed: 'this ( is never closed',
  addParenthesisAtTheEnd: 'add ) at the end',
  nothingStandsInTheseParentheses: 'nothing stands in these parentheses',
  aPatternCannotBeFuzzy: 'a pattern cannot be fuzzy',
  remove: 'remove ~',
  noFieldStandsBefore: 'no field stands before this colon',
  writeToSearch: 'write \\: to search for a colon',
  writeToSearchForIt: (sign: string) => `write \\${sign} to search for it`,
  aNumberMustFollowTilde: 'a number must follow ~',
  writeHowFarApart: 'write how far apart the words may stand, such as ~2',
  toIsMissing: 'TO is missing in this range',
  thisRangeIsNeverClosed: 'this range is never closed',
  writeItAsARange: 'write it as [1 TO 5]; * leaves an end open',
  anEndOfThisRange: 'an end of this range is missing',
  writeANumber: 'write a number or a date',
  soManyEditsCannotBe: 'this many edits cannot be',
  writeOneOrTwoEdits: 'write ~1 or ~2, or only ~',

  // lucene/scan
  aNumberMustFollow: 'a number must follow ^',
  writeABoost: 'write a boost, such as ^2',

  // query/hints
  isNotAValue: (name: string) => `“${name}” is not a value: it holds fields`,
  noFieldHereIsNamed: (name: string) => `No field here is named “${name}”`,
  aNumber: 'a number',
  trueOrFalse: 'true or false',
  anAddressOrANetwork: 'an address or a network',
  aDate: 'a date',
  fieldIsWhichValueIsNot: (name: string, is: string, type: string, text: string) =>
    `${name} is ${is} (${type}), which “${text}” is not`,

  // query/lucene
  aRangeInBrackets: 'a range in brackets',
  signsForAndOrNot: 'signs for and, or, not',
  aBoost: 'a boost',
  aRegularExpression: 'a regular expression',
  aFuzzyWord: 'a fuzzy word',
  wordsNearEachOther: 'words near each other',
}
