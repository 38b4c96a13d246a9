// The console, the Grok debugger and the profiler.

import { plural } from './plural'

export const texts = {
  // Answers
  answers: 'Answers',
  answersOfThisRun: 'Answers of this run',
  answered: (status: number, statusText: string, tookText: string) =>
    `${status} ${statusText} in ${tookText}`,
  copy: 'copy',
  anAnswerWithoutABody: 'An answer without a body.',
  answer: 'Answer',
  sentNoAnswerYet: 'Sent. No answer yet.',
  answersAppearHere: 'Answers appear here.',

  // ConsolePage
  requestsToTheElasticsearchApi: "Requests to the Elasticsearch API, as in Kibana's console.",
  enterSendsTheOne: (modifier: string) =>
    `${modifier} Enter sends the one at the cursor, ${modifier} Space completes.`,
  writingRequests: 'Writing requests',
  aMethodAndAPath: 'a method and a path, then a body',
  aTextOfSeveralLines: 'a text of several lines',
  valuesEachSent: 'values, each sent as a line',
  aPathOfTheOwnPort: 'a path of the UI’s own port',
  spaceWith: (modifier: string) => `${modifier} Space`,
  suggestionsTabTakesTheFirst: 'suggestions; Tab takes the first',
  commentsOutAndInAgain: 'comments out, and in again',
  escThenTab: 'Esc, then Tab',
  leavesTheEditor: 'leaves the editor',
  sendTheRequest: 'Send the request',
  layOutTheBody: 'Lay out the body',
  nextRequest: 'Next request',
  previousRequest: 'Previous request',
  requestsSentBefore: 'Requests sent before',
  consoleWord: 'console',
  share: 'share',
  widthOfTheEditor: 'Width of the editor',
  requests: 'Requests',
  cancel: 'Cancel',
  sendCount: (count: number) => `Send ${count}`,
  send: 'Send',
  line: (lineAt: number, message: string) => `Line ${lineAt}: ${message}`,
  countRequests: (count: number) => `${count} requests`,
  layOutTheBodyWithKeys: (modifier: string) => `Lay out the body (${modifier} I)`,
  tidy: 'tidy',
  console: 'Console',

  // CopyAs
  copyAsWord: 'copy as',
  copyAs: 'Copy as',

  // GrokPage
  writingPatterns: 'Writing patterns',
  aNamedPattern: 'a named pattern',
  theSameKept: 'the same, kept as a field',
  theSameAsANumber: 'the same, as a number; int takes whole ones',
  aFieldInsideAnother: 'a field inside another',
  aFieldWithAnExpression: 'a field with an expression of its own',
  charactersWithAMeaning: 'characters that have a meaning stand behind a backslash',
  fillInAnExample: 'Fill in an example',
  clear: 'Clear',
  grokDebugger: 'grok debugger',
  grokExpression: 'Grok expression',
  text: 'Text',
  aLineOfALog: 'A line of a log',
  pattern: 'Pattern',
  customPatterns: 'Custom patterns',
  putInALine:
    'Put in a line of a log and a pattern: each part of the line is coloured with its field, or you see where the pattern stops.',
  result: 'Result',
  matchesFields: (count: number) => `Matches, ${count} ${plural(count, 'field', 'fields')}`,
  doesNotMatchItStops: 'Does not match: it stops here',
  cannotBeUsed: 'Cannot be used',
  asAnEvent: 'As an event',

  // GrokResult
  aBlank: 'a blank',
  doesNotMatch: 'does not match',
  theEndOfTheText: 'the end of the text',
  nothingOfThePatternDoes: 'nothing of the pattern does anywhere',
  number: 'Number',
  field: 'Field',
  value: 'Value',
  type: 'Type',
  nothing: 'nothing',
  numberWord: 'number',
  textWord: 'text',

  // PatternList
  legacy: 'legacy',
  fieldNamesAsBefore: 'Field names as before the Elastic Common Schema',
  fieldNamesOfTheElastic: 'Field names of the Elastic Common Schema',
  namedPatterns: 'Named patterns',
  findAPattern: 'Find a pattern',
  fieldNames: 'Field names',
  patterns: 'Patterns',
  putIntoThePattern: (name: string) => `Put %{${name}:} into the pattern`,
  noPatternHasThisName: 'No pattern has this name.',

  // ProfilerPage
  profileTheSearch: 'Profile the search',
  profiler: 'profiler',
  queryProfiler: 'Query profiler',
  widthOfTheSearch: 'Width of the search',
  search: 'Search',
  index: 'Index',
  profile: 'Profile',
  theSearchFailed: 'The search failed',
  eachClauseAndAggregation:
    'Each clause and aggregation stands here with the time it took, shard by shard, the dearest marked. Profiling itself takes time: the shares say more than the sums.',
  tookMsOverShards: (tookMillis: number, count: number) =>
    `Took ${tookMillis} ms over ${count} ${plural(count, 'shard', 'shards')}.`,

  // RequestHistory
  historyWord: 'history',
  history: 'History',
  nothingSentYetWhatYou: 'Nothing sent yet. What you send is kept in this browser only.',
  findInHistory: 'Find in history',
  find: 'Find',
  requestsSent: 'Requests sent',
  forgetAll: 'forget all',
}
