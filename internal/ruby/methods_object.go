package ruby

import "strings"

// objectMethods are those of every value.
var objectMethods = table{
	"==": {1, 1, 0, func(c *call) (Value, error) { return boolOf(equal(c.fr, c.recv, c.args[0])) }},
	"!=": {1, 1, 0, func(c *call) (Value, error) {
		same, err := equal(c.fr, c.recv, c.args[0])
		return !same, err
	}},
	"===": {1, 1, 0, func(c *call) (Value, error) { return boolOf(caseEqual(c.fr, c.recv, c.args[0])) }},
	"=~":  {1, 1, 0, func(*call) (Value, error) { return nil, nil }},
	"<=>": {1, 1, 0, func(c *call) (Value, error) {
		if o, ok := compareValues(c.fr, c.recv, c.args[0]); ok {
			return int64(o), nil
		}
		return nil, nil
	}},
	"eql?":         {1, 1, 0, func(c *call) (Value, error) { return keyOf(c.recv) == keyOf(c.args[0]), nil }},
	"equal?":       {1, 1, 0, func(c *call) (Value, error) { return keyOf(c.recv) == keyOf(c.args[0]), nil }},
	"nil?":         {0, 0, 0, func(c *call) (Value, error) { return c.recv == nil, nil }},
	"is_a?":        {1, 1, 0, isAMethod},
	"kind_of?":     {1, 1, 0, isAMethod},
	"instance_of?": {1, 1, 0, func(c *call) (Value, error) { return className(c.recv) == classArg(c), nil }},
	"class":        {0, 0, 0, func(c *call) (Value, error) { return class(className(c.recv)), nil }},
	"to_s":         {0, 0, 0, func(c *call) (Value, error) { return textOf(c.fr.toS(c.recv)) }},
	"to_json":      {0, 0, 0, func(c *call) (Value, error) { return printJSON(c.fr, c.recv) }},
	"inspect":      {0, 0, 0, func(c *call) (Value, error) { return textOf(c.fr.inspect(c.recv)) }},
	"hash":         {0, 0, 0, func(c *call) (Value, error) { return nil, raisef("NoMethodError", "hash codes are not available") }},
	"itself":       {0, 0, 0, identity},
	"freeze":       {0, 0, 0, identity},
	"frozen?":      {0, 0, 0, func(c *call) (Value, error) { k := kindOf(c.recv); return k != kindArray && k != kindHash, nil }},
	"dup":          {0, 0, 0, copyOf},
	"clone":        {0, 0, 0, copyOf},
	"respond_to?":  {1, 1, 0, respondTo},
	"send":         {1, -1, blockOptional, sendMethod},
	"public_send":  {1, -1, blockOptional, sendMethod},
	"then":         {0, 0, blockRequired, func(c *call) (Value, error) { return c.block.call(c.recv) }},
	"tap": {0, 0, blockRequired, func(c *call) (Value, error) {
		_, err := c.block.call(c.recv)
		return c.recv, err
	}},
	"instance_variable_get": {1, 1, 0, func(*call) (Value, error) { return nil, raisef("NameError", "values have no instance variables here") }},
}

func boolOf(b bool, err error) (Value, error) { return b, err }

func textOf(s string, err error) (Value, error) { return s, err }

func identity(c *call) (Value, error) { return c.recv, nil }

func classArg(c *call) string {
	cl, _ := c.args[0].(class)
	return string(cl)
}

func isAMethod(c *call) (Value, error) {
	cl, ok := c.args[0].(class)
	if !ok {
		return nil, typeErrorf("class or module required")
	}
	return isA(c.recv, string(cl)), nil
}

func copyOf(c *call) (Value, error) {
	switch v := c.recv.(type) {
	case *Array:
		return &Array{append([]Value(nil), v.Items...)}, c.fr.grow(16 * len(v.Items))
	case *Hash:
		return v.copy(), c.fr.grow(32 * v.Len())
	}
	return c.recv, nil
}

func respondTo(c *call) (Value, error) {
	name, err := nameArg(c.args[0])
	if err != nil {
		return nil, err
	}
	s := c.fr.sets[name]
	return s != nil && (s.by[kindOf(c.recv)] != nil || s.by[kinds] != nil), nil
}

func sendMethod(c *call) (Value, error) {
	name, err := nameArg(c.args[0])
	if err != nil {
		return nil, err
	}
	s := c.fr.sets[name]
	if s == nil {
		return nil, raisef("NoMethodError", "undefined method '%s' for %s", name, describeReceiver(c.recv))
	}
	return s.dispatch(&call{fr: c.fr, recv: c.recv, args: c.args[1:], block: c.block}, Pos{})
}

func nameArg(v Value) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case Symbol:
		return string(v), nil
	}
	return "", typeErrorf("%s is not a symbol nor a string", className(v))
}

var nilMethods = table{
	"to_a": {0, 0, 0, func(*call) (Value, error) { return &Array{}, nil }},
	"to_h": {0, 0, 0, func(*call) (Value, error) { return NewHash(), nil }},
	"to_i": {0, 0, 0, func(*call) (Value, error) { return int64(0), nil }},
	"to_f": {0, 0, 0, func(*call) (Value, error) { return 0.0, nil }},
	"&":    {1, 1, 0, func(*call) (Value, error) { return false, nil }},
	"|":    {1, 1, 0, func(c *call) (Value, error) { return truthy(c.args[0]), nil }},
}

var boolMethods = table{
	"&":    {1, 1, 0, func(c *call) (Value, error) { return truthy(c.recv) && truthy(c.args[0]), nil }},
	"|":    {1, 1, 0, func(c *call) (Value, error) { return truthy(c.recv) || truthy(c.args[0]), nil }},
	"^":    {1, 1, 0, func(c *call) (Value, error) { return truthy(c.recv) != truthy(c.args[0]), nil }},
	"to_s": {0, 0, 0, func(c *call) (Value, error) { return textOf(c.fr.inspect(c.recv)) }},
}

var symbolMethods = table{
	"to_sym":   {0, 0, 0, identity},
	"length":   {0, 0, 0, func(c *call) (Value, error) { return int64(runeLen(string(c.recv.(Symbol)))), nil }},
	"size":     {0, 0, 0, func(c *call) (Value, error) { return int64(runeLen(string(c.recv.(Symbol)))), nil }},
	"upcase":   {0, 0, 0, func(c *call) (Value, error) { return Symbol(strings.ToUpper(string(c.recv.(Symbol)))), nil }},
	"downcase": {0, 0, 0, func(c *call) (Value, error) { return Symbol(strings.ToLower(string(c.recv.(Symbol)))), nil }},
	"empty?":   {0, 0, 0, func(c *call) (Value, error) { return c.recv.(Symbol) == "", nil }},
}

var classValueMethods = table{
	"name": {0, 0, 0, func(c *call) (Value, error) { return string(c.recv.(class)), nil }},
	"==":   {1, 1, 0, func(c *call) (Value, error) { return c.recv == c.args[0], nil }},
	"===":  {1, 1, 0, func(c *call) (Value, error) { return isA(c.args[0], string(c.recv.(class))), nil }},
	"new":  {0, -1, blockIgnored, newOf},
}

// newOf makes what can be made by new: empty collections, texts, errors and timestamps.
func newOf(c *call) (Value, error) {
	name := string(c.recv.(class))
	if isErrorClass(name) {
		message, err := c.fr.toS(c.arg(0))
		if len(c.args) == 0 {
			message = name
		}
		return &Error{Class: name, Message: message}, err
	}
	return nil, raisef("NoMethodError", "%s.new is not supported", name)
}

var errorMethods = table{
	"message":      {0, 0, 0, func(c *call) (Value, error) { return c.recv.(*Error).Message, nil }},
	"full_message": {0, -1, 0, func(c *call) (Value, error) { return c.recv.(*Error).Error(), nil }},
	"backtrace":    {0, 0, 0, func(c *call) (Value, error) { return &Array{}, nil }},
}
