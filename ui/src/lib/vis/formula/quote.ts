// Texts and names as formulas write them.

/** A text in quotation marks. */
export const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

const PLAIN_NAME = /^[\p{L}_@][\p{L}\p{N}_.@]*$/u

/** A field's name, in quotation marks where it would be read as something else. */
export const quoteField = (name: string): string => (PLAIN_NAME.test(name) ? name : quote(name))
