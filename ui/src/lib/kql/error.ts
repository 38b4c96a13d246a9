import { QueryError } from '../queryerror'

/** A text that is no KQL. */
export class KqlError extends QueryError {}
