// Of the many digits of a fraction none is lost that a double has.
const UNSAFE = /(?<![.\d])\d{16}/
const STRINGS_AND_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * JSON.parse that keeps integers a double would round (such as 64-bit ids) as
 * strings of their digits. Costs one scan of the text when there are none.
 */
export function parseJson(text: string): unknown {
  if (!UNSAFE.test(text)) return JSON.parse(text)
  return JSON.parse(
    text.replace(STRINGS_AND_NUMBERS, token =>
      /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
    ),
  )
}
