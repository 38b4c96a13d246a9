// What is wrong with a request of the console, and what its suggestions are.

export const texts = {
  // complete
  index: 'index',
  query: 'query',
  aggregation: 'aggregation',

  // json
  aValueIsMissing: 'a value is missing',
  nestedTooDeeply: 'nested too deeply',
  aValueMustStandBefore: (part: string) => `a value must stand before this ${part}`,
  thisTextHoldsAWrong: 'this text holds a wrong escape or has no end',
  signIsNeverClosed: (sign: string) => `this ${sign} is never closed`,
  expectedACommaOrBefore: (close: string) => `expected a comma or ${close} before this`,
  aCommaBefore: (close: string) => `a comma before ${close} is not allowed`,
  thisIsNeverClosed: 'this { is never closed',
  aColonIsMissingBehind: 'a colon is missing behind this',
  aNameInQuotationMarks: 'a name in quotation marks must stand here',
  thisQuotationMarkIsNever: 'this quotation mark is never closed',
  textsStandInQuotationMarks: 'texts stand in quotation marks',

  // parse
  aRequestBegins: 'a request begins with a method and a path, such as GET _search',
  aPathIsMissing: 'a path is missing',
}
