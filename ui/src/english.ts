// Finds the literals of a source file that people read, for the test that wants them in the catalogue of `texts`. What a literal is for
// is told by where it stands: a child of an element, an attribute such as `title`, a property such as `label`, the message of an error;
// anywhere else by its looks.

import ts from 'typescript'

/** A literal that people read: a text of JSX, a string, or a template. */
export type Literal = ts.JsxText | ts.StringLiteralLike | ts.TemplateExpression

/** Attributes whose values are shown or read aloud. */
const ATTRIBUTES = new Set(
  'about action alt aria-description aria-label aria-roledescription aria-valuetext hint label message note placeholder text title'.split(
    ' ',
  ),
)
/** Properties whose values are shown, whatever they look like. */
const PROPERTIES = new Set(
  'about description done help hint keywords label many message note one placeholder text title'.split(' '),
)
/** Properties and attributes that are never shown, though their values may look like words. */
const UNSEEN = new Set(
  'className code d defaultValue event fontFamily gridColumn href id insert key path pattern q query queryKey rel role start style type value width'.split(
    ' ',
  ),
)
/** What takes a message: constructors of errors, and the parsers' ways to throw one. */
const THROWN = /Error$|\.(?:fail|inRange|misplaced|wrong)$|^wrongTilde$/
/** What asks something of a text or of the document, and shows nothing. */
const ASKS =
  /^matchMedia$|\.(?:closest|endsWith|get|has|includes|indexOf|matches|querySelector(?:All)?|replace|set|split|startsWith)$/
/** Elements whose text is typed or pressed, in whatever language. */
const TYPED = new Set(['code', 'kbd', 'pre'])
/** Units and names, which are the same in every language. */
const SYMBOLS = new Set(
  'Elkhorn Geohash Geotile JavaScript Lens Lucene Markdown Python cURL h kB min ms px s'.split(' '),
)
/** As `KeyboardEvent.key` and the DOM name them. */
const KEYS =
  /^(?:Arrow(?:Up|Down|Left|Right)|Backspace|Content-Type|Delete|End|Enter|Escape|Esc|Ctrl|Home|Shift|Tab)$/
/** An example of JSON or of a configuration. */
const CODE = /^(?:\w+ )?\{\s*(?:["\n…]|$)/
const PLACEHOLDER = '\u0000'

/** Every literal of a file that people read, in the order of the file. */
export function literalsOf(source: ts.SourceFile): Literal[] {
  const found: Literal[] = []
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return
    if (isLiteral(node) && isRead(node)) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const isShown = (attribute: string, text: string) =>
  ATTRIBUTES.has(attribute) || (!UNSEEN.has(attribute) && looksRead(text))

function isTold(call: ts.CallExpression | ts.NewExpression, text: string): boolean {
  const callee = call.expression.getText()
  return (
    (THROWN.test(callee) && text.includes(' ')) ||
    (!ASKS.test(callee) && !isKeyOfQuery(call) && looksRead(text))
  )
}

function isLiteral(node: ts.Node): node is Literal {
  return ts.isJsxText(node) || ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}

/** The words of a literal, with a mark for each value that is put in. */
export function textOf(node: Literal): string {
  if (!ts.isTemplateExpression(node)) return node.text
  return node.head.text + node.templateSpans.map(span => PLACEHOLDER + span.literal.text).join('')
}

function isRead(node: Literal): boolean {
  const text = textOf(node)
  if (!worded(text)) return false
  if (ts.isJsxText(node)) return !isTyped(node.parent)
  const [place, at] = placeOf(node)
  if (ts.isJsxExpression(place)) {
    return ts.isJsxAttribute(place.parent)
      ? isShown(place.parent.name.getText(), text)
      : !isTyped(place.parent)
  }
  if (ts.isJsxAttribute(place)) return isShown(place.name.getText(), text)
  if (ts.isPropertyAssignment(place) && place.initializer === at) {
    const name = place.name.getText()
    if (UNSEEN.has(name)) return false
    return PROPERTIES.has(name) || (name === 'kind' && isCommand(place.parent)) || looksRead(text)
  }
  if ((ts.isCallExpression(place) || ts.isNewExpression(place)) && place.expression !== at)
    return isTold(place, text)
  if (ts.isArrayLiteralExpression(place)) return !isKeyOfQuery(place) && looksRead(text)
  if (ts.isBindingElement(place)) return !UNSEEN.has(place.name.getText()) && looksRead(text)
  return (
    (ts.isReturnStatement(place) ||
      ts.isArrowFunction(place) ||
      ts.isVariableDeclaration(place) ||
      ts.isParameter(place) ||
      (ts.isBinaryExpression(place) && place.operatorToken.kind === ts.SyntaxKind.EqualsToken)) &&
    looksRead(text)
  )
}

/** Where the value of a literal goes, past the operators that hand it on; and what of that place it is. */
function placeOf(node: ts.Node): [place: ts.Node, at: ts.Node] {
  let at = node
  for (;;) {
    const { parent } = at
    const handedOn =
      ts.isParenthesizedExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isSatisfiesExpression(parent) ||
      ts.isTemplateSpan(parent) ||
      ts.isTemplateExpression(parent) ||
      (ts.isConditionalExpression(parent) && parent.condition !== at) ||
      (ts.isBinaryExpression(parent) && isChoice(parent, at))
    if (!handedOn) return [parent, at]
    at = parent
  }
}

function isChoice({ operatorToken, right }: ts.BinaryExpression, at: ts.Node): boolean {
  const { BarBarToken, QuestionQuestionToken, PlusToken, AmpersandAmpersandToken } = ts.SyntaxKind
  return (
    [BarBarToken, QuestionQuestionToken, PlusToken].some(kind => kind === operatorToken.kind) ||
    (operatorToken.kind === AmpersandAmpersandToken && right === at)
  )
}

function isTyped(element: ts.Node): boolean {
  return ts.isJsxElement(element) && TYPED.has(element.openingElement.tagName.getText())
}

/** A command of the palette shows its kind. */
function isCommand(object: ts.Node): boolean {
  if (!ts.isObjectLiteralExpression(object)) return false
  const { properties } = object
  const [first] = properties
  return (
    properties.some(p => p.name?.getText() === 'run') ||
    (properties.length === 2 && first !== undefined && ts.isSpreadAssignment(first))
  )
}

/** Keys of the query cache are texts that nobody sees. */
function isKeyOfQuery(node: ts.Node): boolean {
  for (let at = node; !ts.isSourceFile(at) && !ts.isBlock(at); at = at.parent) {
    if (ts.isPropertyAssignment(at) && at.name.getText() === 'queryKey') return true
    if (ts.isCallExpression(at) && /QueryData$/.test(at.expression.getText())) return true
    if (ts.isCallExpression(at) && at.arguments.some(a => /\bqueryKey\b/.test(a.getText()))) return true
    if (ts.isVariableDeclaration(at) && /KEY$/.test(at.name.getText())) return true
  }
  return false
}

/** Has a word that another language would not have. */
function worded(text: string): boolean {
  if (CODE.test(text)) return false
  return (text.match(/\p{L}[\p{L}\p{N}’'_-]+/gu) ?? []).some(
    word => /\p{Ll}/u.test(word) && !SYMBOLS.has(word),
  )
}

/** One capital word, or several words with nothing of a formula, a path or a style between them. */
function looksRead(text: string): boolean {
  if (/^\p{Lu}\p{Ll}+[.!…]?$/u.test(text)) return !KEYS.test(text)
  const parts = text.trim().split(/\s+/)
  const bare = parts.map(part => part.replace(/^[“"'(¿]+|[.,;:!?…”"')]+$/gu, ''))
  const words = bare.filter(part => /^\p{L}[\p{L}’'-]*$/u.test(part))
  const others = bare.filter(part => part === PLACEHOLDER || /^[\p{N}\p{P}\p{S}]*$/u.test(part))
  return words.length + others.length === parts.length && words.length >= 1 && parts.length >= 2
}
