/** A value as KQL text: bare when it is a plain word, else in quotation marks. */
export function quoteKql(value: string): string {
  if (/^[\w.@/-]+$/.test(value) && !/^(and|or|not)$/i.test(value)) return value
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(/\r/g, '\\r')}"`
}
