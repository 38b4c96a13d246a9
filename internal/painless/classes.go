package painless

// staticFunc is a static method or a constructor.
type staticFunc func(fr *frame, args []Value) Value

// methodFunc is a method of an object.
type methodFunc func(fr *frame, self Value, args []Value) Value

// class is a class that scripts may name.
type class struct {
	name, full string
	// has says whether a value is an instance; nil for classes that have none, such as Math.
	has func(Value) bool
	// throwable is the name of an exception's superclass.
	throwable string
	// box is the kind of the numbers that are instances, for Integer and the like.
	box       Kind
	statics   map[string]staticFunc // by name/arguments
	constants map[string]Value
	// create are the constructors, by number of arguments.
	create map[int]staticFunc
	// hidden says that scripts cannot name it: an exception that they must not catch.
	hidden bool
	// enums are the constants in order, of a class of constants.
	enums []string
	// byContent says that objects are equal when they show the same.
	byContent bool
	// methods are those of objects of the class, by name/arguments.
	methods map[string]methodFunc
}

func (c *class) typ() typ {
	if c.name == "String" {
		return typString
	}
	if c.name == "Object" {
		return typDef
	}
	return typ{class: c}
}

// classOfType returns the class of a type; nil for primitive types and arrays.
func classOfType(t typ) *class {
	if t.kind == KindString {
		return classes["String"]
	}
	if t.isDef() {
		return classes["Object"]
	}
	return t.class
}

// classes are the classes by simple and by full name. It is filled when the package starts, because the methods in it refer to it.
var classes = map[string]*class{}

func init() {
	for _, list := range [][]*class{exceptionClasses(), valueClasses(), collectionClasses(), streamClasses(), timeClasses(), textClasses(), otherClasses()} {
		for _, c := range list {
			classes[c.name], classes[c.full] = c, c
		}
	}
	addMethods(KindString, stringMethods())
	addMethods(KindList, collectionMethods(), listMethods())
	addMethods(KindSet, collectionMethods(), setMethods())
	addMethods(KindMap, mapMethods())
	addMethods(KindDate, dateMethods())
	addMethods(KindValues, collectionMethods(), listMethods(), valuesMethods(), vectorMethods())
	addMethods(KindDoc, docMethods())
	addMethods(KindField, fieldMethods())
	addMethods(KindFunc, functionMethods())
	for k := KindBool; k <= KindDouble; k++ {
		addMethods(k, numberMethods())
	}
	for k := range kinds {
		addMethods(Kind(k), objectMethods())
	}
	for _, c := range classes {
		for name := range c.methods {
			methodNames[name] = true
		}
	}
	for name := range methods {
		methodNames[name] = true
	}
}

// methodSet are the methods of one name and number of arguments, by the kind of their object.
type methodSet [kinds]methodFunc

// methods are all methods by name/arguments.
var methods = map[string]*methodSet{}

// methodNames has every method of any class by name/arguments.
var methodNames = map[string]bool{}

// addMethods adds methods to a kind; what is there stays.
func addMethods(k Kind, tables ...map[string]methodFunc) {
	for i := len(tables) - 1; i >= 0; i-- { // the later table is the more special one
		for name, f := range tables[i] {
			set := methods[name]
			if set == nil {
				set = &methodSet{}
				methods[name] = set
			}
			if set[k] == nil {
				set[k] = f
			}
		}
	}
}

// className is the name of a value's class, for messages.
func className(v Value) string {
	switch v.kind {
	case KindObject:
		return v.ref.(object).class().full
	case KindBool:
		return "java.lang.Boolean"
	case KindByte:
		return "java.lang.Byte"
	case KindShort:
		return "java.lang.Short"
	case KindChar:
		return "java.lang.Character"
	case KindInt:
		return "java.lang.Integer"
	case KindLong:
		return "java.lang.Long"
	case KindFloat:
		return "java.lang.Float"
	case KindDouble:
		return "java.lang.Double"
	case KindList:
		if of := v.ref.(*List).of; of != "" {
			return of
		}
	}
	return kindNames[v.kind]
}

// isInstance is instanceof.
func isInstance(v Value, t typ) bool {
	switch {
	case v.kind == KindNull:
		return false
	case t.isDef():
		return true
	case t.array != "":
		return v.kind == KindList && v.ref.(*List).of == t.array
	case t.class != nil:
		return t.class.has != nil && t.class.has(v)
	}
	return v.kind == t.kind
}

func hasKind(list ...Kind) func(Value) bool {
	return func(v Value) bool {
		for _, k := range list {
			if v.kind == k {
				return true
			}
		}
		return false
	}
}

func hasClass(name string) func(Value) bool {
	return func(v Value) bool { return v.kind == KindObject && v.ref.(object).class().name == name }
}
