package ruby

// Class variables (@@name), global variables ($name) and constants of a program's own outlive a run as instance variables
// do, and are kept with them. In Ruby they are also shared by all filters; here each filter has its own, so a program that
// reads one which neither it nor its init sets is refused: what another filter sets would not arrive.

import (
	"maps"
	"slices"
)

// ownConstant begins the name under which a constant is kept; @@ and $ are marked by "@" and "$".
const ownConstant = "::"

func isShared(name string) bool { return name[0] == '@' || name[0] == '$' || name[0] == ':' }

// isClass says whether a constant is a class or module that programs can name.
func isClass(name string) bool {
	return knownClasses[name] || libraryModules[name] || isErrorClass(name)
}

// kept compiles the reading of a variable that outlives a run.
func (c *compiler) kept(x *ivarExpr) thunk {
	c.usesState = true
	name := x.name
	if !isShared(name) {
		return func(fr *frame) (Value, error) { return fr.state[name], nil }
	}
	if _, ok := c.read[name]; !ok {
		c.read[name] = x.pos
	}
	return func(fr *frame) (Value, error) {
		v, ok := fr.state[name]
		if !ok && name[0] != '$' {
			return nil, raisef("NameError", "uninitialized %s", sharedName(name))
		}
		return v, nil
	}
}

// sharedHaveValues refuses shared variables that are read and set nowhere.
func (c *compiler) sharedHaveValues() error {
	for _, name := range slices.Sorted(maps.Keys(c.read)) {
		if !c.given[name] {
			return syntaxErrorf(c.read[name], "the %s is set nowhere in this filter, and what another one sets does not arrive here", sharedName(name))
		}
	}
	return nil
}

// sharedName names a variable as the program writes it, with its kind.
func sharedName(name string) string {
	switch name[0] {
	case '@':
		return "class variable @" + name
	case '$':
		return "global variable " + name
	}
	return "constant " + name[len(ownConstant):]
}
