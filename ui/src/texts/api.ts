// What is said of answers that do not come, or not as expected.

export const texts = {
  // client
  theStreamIsRefused: (status: number) => `the stream is refused: ${status}`,
  theServerDoesNotAnswer: 'The server does not answer. Is Elkhorn still running?',
  noAnswer: 'no answer',
  theAnswerIsNotJson: 'The answer is not JSON. Is something else listening here?',

  // pit
  partOfTheAnswer: (missing: string) => `Part of the answer is missing: ${missing}`,

  // schemas/saved
  notFound: 'not found',

  // schemas/search
  shardsFailed: (failed: number, total: string) => `${failed} of ${total} shards failed`,
  theSearchRanOut: 'the search ran out of time',
  aTextOrANumber: 'a text or a number',

  // schemas/shape
  theServersAnswer: (place: string, expected: string) =>
    `The server's answer is not as expected: ${place} should be ${expected}.`,
  anObject: 'an object',
  aList: 'a list',
  aNumber: 'a number',
  aText: 'a text',
}
