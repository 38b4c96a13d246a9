import { QueryError } from '../../queryerror'

/** A text that is no formula. */
export class FormulaError extends QueryError {}
