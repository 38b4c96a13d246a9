package ruby

// method is one entry of a method table.
type method struct {
	min, max int // arguments; max -1 for any number
	block    blockRule
	fn       func(c *call) (Value, error)
}

type blockRule uint8

const (
	blockIgnored blockRule = iota
	blockRequired
	blockOptional
)

// call is one call on its way into a method.
type call struct {
	fr    *frame
	recv  Value
	args  []Value
	block *closure
}

// arg returns argument i, nil when it was not given.
func (c *call) arg(i int) Value {
	if i < len(c.args) {
		return c.args[i]
	}
	return nil
}

// table is the methods of one kind of value.
type table map[string]*method

// methodSet is the methods of one name, by the receiver's kind; the last is for any kind.
type methodSet struct {
	name string
	by   [kinds + 1]*method
}

// methods are all tables; index kinds is that of every value.
var methods = [kinds + 1]table{
	kindNil:       nilMethods,
	kindBool:      boolMethods,
	kindInt:       intMethods,
	kindFloat:     floatMethods,
	kindString:    stringMethods,
	kindSymbol:    symbolMethods,
	kindArray:     withEnumerable(arrayMethods),
	kindHash:      withEnumerable(hashMethods),
	kindRange:     withEnumerable(rangeMethods),
	kindRegexp:    regexpMethods,
	kindMatch:     matchMethods,
	kindTime:      timeMethods,
	kindTimestamp: timestampMethods,
	kindClass:     classValueMethods,
	kindError:     errorMethods,
	kindTask:      taskMethods,
	kindCallback:  callbackMethods,
	kindProc:      procMethods,
	kindIPAddr:    ipMethods,
	kindURI:       uriMethods,
	kindEvent:     eventMethods,
	kinds:         objectMethods,
}

// methodSets gathers the tables by name.
var methodSets = gatherMethods()

func gatherMethods() map[string]*methodSet {
	sets := map[string]*methodSet{}
	for k, t := range methods {
		for name, m := range t {
			s := sets[name]
			if s == nil {
				s = &methodSet{name: name}
				sets[name] = s
			}
			s.by[k] = m
		}
	}
	return sets
}

// withEnumerable adds the methods that every collection has below a collection's own.
func withEnumerable(own table) table {
	all := table{}
	for name, m := range enumerableMethods {
		all[name] = m
	}
	for name, m := range own {
		all[name] = m
	}
	return all
}

func methodsNamed(name string) *methodSet { return methodSets[name] }

// dispatch calls the method that the receiver has under this name.
func (s *methodSet) dispatch(c *call, at Pos) (Value, error) {
	if err := c.fr.step(); err != nil {
		return nil, err
	}
	m := s.by[kindOf(c.recv)]
	if m == nil {
		m = s.by[kinds]
	}
	if m == nil {
		return nil, withPos(raisef("NoMethodError", "undefined method '%s' for %s", s.name, describeReceiver(c.recv)), at)
	}
	v, err := m.invoke(c, s.name)
	return v, withPos(err, at)
}

// invoke checks the number of arguments and the block, and calls.
func (m *method) invoke(c *call, name string) (Value, error) {
	switch n := len(c.args); {
	case n < m.min || m.max >= 0 && n > m.max:
		return nil, argumentErrorf("wrong number of arguments for %s (given %d)", name, n)
	case m.block == blockRequired && c.block == nil:
		return nil, argumentErrorf("%s needs a block", name)
	}
	return m.fn(c)
}

func describeReceiver(v Value) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return "an instance of " + className(v)
}
