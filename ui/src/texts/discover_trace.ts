// The story of an id: time line and conversation.

import { plural } from './plural'

export const texts = {
  // Conversation
  modelWord: 'model',
  tokens: 'tokens',
  cost: 'cost',
  took: 'took',
  attempt: 'attempt',
  system: 'System',
  user: 'User',
  model: 'Model',
  tool: 'Tool',
  conversation: 'Conversation',
  tokensInOut: (tokensIn: string, tokensOut: string) => `${tokensIn} tokens in, ${tokensOut} out`,
  showThisEventInDiscover: 'Show this event in Discover',
  takenOutBefore: 'Taken out before it was stored',
  arguments: 'Arguments',
  result: 'Result',
  firstToken: 'first token',

  // Page
  theSearchFailed: 'The search failed',
  tryAgain: 'Try again',
  chooseAnId: 'Choose an id of an event to see its story.',
  id: 'Id',
  noEventHasThis: (kind: string) => `No event has this ${kind}`,
  allIndices: 'all indices',
  fieldsHoldNo: (fields: string, indices: string, value: string) =>
    `${fields} of ${indices} hold no “${value}”.`,
  story: 'Story',
  events: (total: string, n: number) => `${total} ${plural(n, 'event', 'events')}`,
  services: (count: number) => `${count} ${plural(count, 'service', 'services')}`,
  errors: (errors: number) => `${errors} ${plural(errors, 'error', 'errors')}`,
  onlyTheFirstAreShown: (maxEvents: string) => `only the first ${maxEvents} are shown`,
  partial: (missing: string) => `Partial: ${missing}`,
  view: 'View',
  inDiscover: 'in Discover',
  link: 'link',
  documents: 'Documents',
  thatIsAllOldestFirst: 'That is all, oldest first.',

  // Waterfall
  timeline: 'Timeline',
  aBarEndsWhen:
    'A bar ends when its event was written. Stages without a time of their own stand in the order of the event.',
  drawIdleTimeTrue: 'draw idle time true to scale',
  foldIdleTime: 'fold idle time',
  timeInEachService: 'Time in each service',
  failed: (errors: number) => `${errors} failed`,
  withoutAnEvent: (to: string) => `${to} without an event`,
  stagesOf: (name: string) => `Stages of ${name}`,
}
