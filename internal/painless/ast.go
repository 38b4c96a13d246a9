package painless

// nodeKind says which construct a node is.
type nodeKind uint8

const (
	nodeConst      nodeKind = iota // value
	nodeRegex                      // text, flags
	nodeName                       // text: a variable
	nodeClass                      // class: a class's name before a dot
	nodeList                       // kids
	nodeMapInit                    // kids: key, value, key, value …
	nodeNew                        // class, kids: arguments
	nodeNewArray                   // text: type of the array; kids: length, or elements when init
	nodeCallLocal                  // text, kids
	nodeCall                       // text, kids: receiver, arguments …; safe
	nodeField                      // text, kids: receiver; safe
	nodeIndex                      // kids: receiver, index
	nodeUnary                      // text: + - ! ~; kids
	nodeCast                       // of, kids
	nodeBinary                     // op, kids
	nodeInstanceof                 // kids, of
	nodeAnd                        // kids
	nodeOr                         // kids
	nodeTernary                    // kids
	nodeElvis                      // kids
	nodeAssign                     // kids: target, value
	nodeAssignOp                   // op, kids: target, value
	nodeStep                       // ++ and --: op opAdd or opSub, post, kids: target
	nodeLambda                     // params, kids: body, which is an expression or a block
	nodeRef                        // Class::name, this::name, variable::name: text name; class, or kids
	// statements
	nodeBlock
	nodeIf       // kids: condition, then, else
	nodeWhile    // kids: condition, body
	nodeDo       // kids: body, condition
	nodeFor      // kids: initializer, condition, afterthought, body; nil where left out
	nodeEach     // of, text: variable; kids: what, body
	nodeDeclare  // of, text; kids: value or none
	nodeContinue // –
	nodeBreak    // –
	nodeReturn   // kids: value or none
	nodeThrow    // kids
	nodeTry      // kids: block; traps
	nodeExpr     // kids: an expression as a statement
)

// node is a construct of a script.
type node struct {
	kind   nodeKind
	op     op
	safe   bool // ?.
	post   bool
	init   bool
	off    int
	text   string
	flags  string
	value  Value
	of     typ
	class  *class
	kids   []*node
	params []param
	traps  []trap
}

// param is a parameter of a function or lambda.
type param struct {
	of   typ
	name string
}

// trap is a catch clause.
type trap struct {
	class *class
	name  string
	off   int
	body  *node
}

// functionNode is a function that a script defines.
type functionNode struct {
	returns typ
	name    string
	params  []param
	body    *node
	off     int
}

// typ is the type that an expression or variable is declared with.
type typ struct {
	kind  Kind   // of a primitive type and String
	class *class // of an object; nil with KindNull is def
	void  bool
	array string // "int[]"; the kind is KindList
}

var (
	typDef    = typ{}
	typBool   = typ{kind: KindBool}
	typInt    = typ{kind: KindInt}
	typLong   = typ{kind: KindLong}
	typDouble = typ{kind: KindDouble}
	typString = typ{kind: KindString}
	typVoid   = typ{void: true}
)

// primitives are the types that have no class.
var primitives = map[string]typ{
	"def": typDef, "boolean": typBool, "byte": {kind: KindByte}, "short": {kind: KindShort}, "char": {kind: KindChar}, "int": typInt, "long": typLong,
	"float": {kind: KindFloat}, "double": typDouble, "void": typVoid, "String": typString,
}

func (t typ) isDef() bool     { return t.kind == KindNull && t.class == nil && !t.void }
func (t typ) isNumeric() bool { return t.kind >= KindByte && t.kind <= KindDouble }
func (t typ) isWhole() bool   { return t.kind >= KindByte && t.kind <= KindLong }

func (t typ) String() string {
	switch {
	case t.void:
		return "void"
	case t.array != "":
		return t.array
	case t.class != nil:
		return t.class.full
	case t.kind == KindNull:
		return "def"
	}
	return kindNames[t.kind]
}

var kindNames = [kinds]string{
	"null", "boolean", "byte", "short", "char", "int", "long", "float", "double", "java.lang.String", "java.util.ArrayList", "java.util.HashMap",
	"java.util.HashSet", "java.time.ZonedDateTime", "org.elasticsearch.index.fielddata.ScriptDocValues", "java.util.Map", "org.elasticsearch.script.field.Field",
	"lambda", "java.lang.Object",
}
