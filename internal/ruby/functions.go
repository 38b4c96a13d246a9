package ruby

import (
	"math"
	"time"
)

// functions are those called without a receiver.
var functions = map[string]*method{
	"Integer": {1, 2, 0, func(c *call) (Value, error) { n, err := toInteger(c.args[0]); return n, err }},
	"Float":   {1, 2, 0, func(c *call) (Value, error) { f, err := toNumber(c.args[0]); return f, err }},
	"String":  {1, 1, 0, func(c *call) (Value, error) { return textOf(c.fr.toS(c.args[0])) }},
	"Array": {1, 1, 0, func(c *call) (Value, error) {
		list, err := toItems(c.fr, c.args[0])
		return &Array{list}, err
	}},
	"URI":     {1, 1, 0, func(c *call) (Value, error) { return parseURI(c, "URI::InvalidURIError") }},
	"format":  {1, -1, 0, formatFunction},
	"sprintf": {1, -1, 0, formatFunction},
	"raise":   {0, 2, 0, raise},
	"fail":    {0, 2, 0, raise},
	"loop":    {0, 0, blockRequired, loopFunction},
	"rand":    {0, 1, 0, randomNumber},
	"require": {1, 1, 0, func(c *call) (Value, error) { return false, nil }}, // requirable says what may be named
}

// refusedFunctions are functions that people try; the text says why there is none here.
var refusedFunctions = map[string]string{
	"puts": "a pipeline has no console; use event.set or event.tag", "print": "a pipeline has no console; use event.set or event.tag",
	"p": "a pipeline has no console; use event.set or event.tag", "pp": "a pipeline has no console; use event.set or event.tag",
	"eval": "programs are compiled once", "instance_eval": "programs are compiled once", "system": "programs cannot run commands",
	"exec": "programs cannot run commands", "fork": "programs cannot run commands", "spawn": "programs cannot run commands",
	"exit": "a program cannot stop the pipeline", "abort": "a program cannot stop the pipeline", "sleep": "a program must not hold up the pipeline",
	"srand": "random numbers begin anew in each run",
	"open":  "programs cannot read files", "gets": "a pipeline has no console", "load": "programs cannot read files",
	"require_relative": "programs cannot read files", "binding": "is not available", "catch": "use begin and rescue", "throw": "use raise",
	"attr_accessor": "classes cannot be defined", "include": "modules cannot be included", "extend": "modules cannot be included",
	"define_method": "methods cannot be defined", "new_event_block": "only filters that split make events", "logger": "use event.tag or event.set",
}

// refusedMethods are methods of Ruby that are left out on purpose.
var refusedMethods = map[string]string{
	"upcase!": "texts are immutable here; write x = x.upcase", "downcase!": "texts are immutable here; write x = x.downcase",
	"gsub!": "texts are immutable here; write x = x.gsub(…)", "sub!": "texts are immutable here; write x = x.sub(…)",
	"strip!": "texts are immutable here; write x = x.strip", "chomp!": "texts are immutable here; write x = x.chomp",
	"capitalize!": "texts are immutable here; write x = x.capitalize", "squeeze!": "texts are immutable here; write x = x.squeeze",
	"slice!": "write x = x[…] instead", "tr!": "texts are immutable here; write x = x.tr(…)", "reverse!": "write x = x.reverse",
	"instance_eval": "programs are compiled once", "eval": "programs are compiled once",
	"method": "lambdas are not supported", "object_id": "values have no identity here", "shuffle": "a program must give the same result for the same event",
	"sample": "a program must give the same result for the same event", "lazy": "write the loop with each and break",
	"unpack": "bytes are not taken apart here", "unpack1": "bytes are not taken apart here", "pack": "bytes are not put together here",
	"instance_variable_set": "values have no instance variables here", "define_method": "methods cannot be defined", "uncancel": "use a condition before event.cancel",
	"rotate": "use drop and take",
}

func formatFunction(c *call) (Value, error) {
	layout, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	return formatText(c.fr, layout, c.args[1:])
}

// raise raises an error given by class, message, both, or as a value.
func raise(c *call) (Value, error) {
	switch what := c.arg(0).(type) {
	case nil:
		return nil, raisef("RuntimeError", "unhandled exception")
	case string:
		return nil, &Error{Class: "RuntimeError", Message: what}
	case *Error:
		return nil, what
	case class:
		if isErrorClass(string(what)) {
			message := string(what)
			if len(c.args) == 2 {
				var err error
				if message, err = c.fr.toS(c.args[1]); err != nil {
					return nil, err
				}
			}
			return nil, &Error{Class: string(what), Message: message}
		}
	}
	return nil, typeErrorf("exception class/object expected")
}

func loopFunction(c *call) (Value, error) {
	for {
		if _, err := c.block.call(); err != nil {
			return nil, err
		}
	}
}

// constants are the values that programs can name.
var constants = map[string]Value{
	"Float::INFINITY": math.Inf(1), "Float::NAN": math.NaN(), "Float::MAX": math.MaxFloat64, "Float::EPSILON": 2.220446049250313e-16,
	"Math::PI": math.Pi, "Math::E": math.E, "Integer::MAX": int64(math.MaxInt64),
}

// classMethods are those called on a class or module, by "Class.method".
var classMethods = map[string]*method{
	"Time.now":                   {0, 0, 0, func(c *call) (Value, error) { return Time{c.fr.host.Now().UTC()}, nil }},
	"Time.at":                    {1, 2, 0, timeAt},
	"Time.parse":                 {1, 1, 0, timeParse},
	"Time.iso8601":               {1, 1, 0, timeParse},
	"Time.utc":                   {1, 7, 0, timeUTC},
	"Time.gm":                    {1, 7, 0, timeUTC},
	"Time.mktime":                {1, 7, 0, timeUTC},
	"LogStash::Event.new":        {0, 1, 0, newEvent},
	"LogStash::Timestamp.now":    {0, 0, 0, func(c *call) (Value, error) { return Timestamp{c.fr.host.Now().UTC()}, nil }},
	"LogStash::Timestamp.new":    {0, 1, 0, newTimestamp},
	"LogStash::Timestamp.at":     {1, 2, 0, timestampAt},
	"LogStash::Timestamp.coerce": {1, 1, 0, newTimestamp},
	"Array.new":                  {0, 2, blockOptional, newArrayOf},
	"Hash.new":                   {0, 1, blockOptional, newHashWithDefault},
	"Hash.[]":                    {1, -1, 0, hashOf},
	"String.new":                 {0, 1, 0, func(c *call) (Value, error) { return textOf(c.fr.toS(c.arg(0))) }},
	"Regexp.new":                 {1, 1, 0, newRegexp},
	"Regexp.escape":              {1, 1, 0, escapeRegexp},
	"Math.sqrt":                  mathFunction(math.Sqrt),
	"Math.cbrt":                  mathFunction(math.Cbrt),
	"Math.log2":                  mathFunction(math.Log2),
	"Math.log10":                 mathFunction(math.Log10),
	"Math.exp":                   mathFunction(math.Exp),
	"Math.sin":                   mathFunction(math.Sin),
	"Math.cos":                   mathFunction(math.Cos),
	"Math.log": {1, 2, 0, func(c *call) (Value, error) {
		x, err := toFloat(c.args[0])
		if err != nil || len(c.args) == 1 {
			return math.Log(x), err
		}
		base, err := toFloat(c.args[1])
		return math.Log(x) / math.Log(base), err
	}},
	"Math.hypot": {2, 2, 0, func(c *call) (Value, error) {
		x, err := toFloat(c.args[0])
		if err != nil {
			return nil, err
		}
		y, err := toFloat(c.args[1])
		return math.Hypot(x, y), err
	}},
}

func mathFunction(f func(float64) float64) *method {
	return &method{1, 1, 0, func(c *call) (Value, error) {
		x, err := toFloat(c.args[0])
		return f(x), err
	}}
}

// maxUnix is the last second that a time here can hold: past it nanoseconds do not fit 64 bits.
const maxUnix = 9_223_372_035

func unixTime(v Value) (time.Time, error) {
	switch v := v.(type) {
	case Time:
		return v.Time, nil
	case Timestamp:
		return v.Time, nil
	}
	f, err := toFloat(v)
	if err != nil {
		return time.Time{}, err
	}
	if !(f >= -maxUnix && f <= maxUnix) {
		return time.Time{}, raisef("RangeError", "%s is out of the range of times", floatText(f))
	}
	if n, ok := v.(int64); ok {
		return time.Unix(n, 0).UTC(), nil
	}
	whole := math.Floor(f)
	return time.Unix(int64(whole), int64((f-whole)*1e9)).UTC(), nil
}

func timeAt(c *call) (Value, error) {
	t, err := unixTime(c.args[0])
	if err != nil {
		return nil, err
	}
	if len(c.args) == 2 {
		micros, err := toFloat(c.args[1])
		if err != nil || !(micros > -1e15 && micros < 1e15) {
			return nil, argumentErrorf("invalid microseconds")
		}
		t = t.Add(time.Duration(micros * 1000))
	}
	return Time{t}, nil
}

func timestampAt(c *call) (Value, error) {
	v, err := timeAt(c)
	if err != nil {
		return nil, err
	}
	return Timestamp{v.(Time).Time}, nil
}

// timeLayouts are the forms that Time.parse reads here.
var timeLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999 -0700", "2006-01-02 15:04:05.999999999 MST",
	"2006-01-02 15:04:05.999999999", "2006-01-02", time.RFC1123Z, time.RFC1123, "02/Jan/2006:15:04:05 -0700"}

func parseTime(s string) (time.Time, error) {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, argumentErrorf("no time information in %s", inspectShort(s))
}

func timeParse(c *call) (Value, error) {
	s, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	t, err := parseTime(s)
	return Time{t}, err
}

func timeUTC(c *call) (Value, error) {
	parts := [7]int{1, 1, 1, 0, 0, 0, 0}
	for i, a := range c.args {
		n, err := intArg(a)
		if err != nil || n < 0 || n > 999_999 {
			return nil, argumentErrorf("argument out of range")
		}
		parts[i] = int(n)
	}
	return Time{time.Date(parts[0], time.Month(parts[1]), parts[2], parts[3], parts[4], parts[5], parts[6]*1000, time.UTC)}, nil
}

func newTimestamp(c *call) (Value, error) {
	switch v := c.arg(0).(type) {
	case nil:
		return Timestamp{c.fr.host.Now().UTC()}, nil
	case string:
		t, err := parseTime(v)
		return Timestamp{t.UTC()}, err
	}
	t, err := unixTime(c.args[0])
	return Timestamp{t.UTC()}, err
}

func newArrayOf(c *call) (Value, error) {
	n := int64(0)
	if len(c.args) > 0 {
		var err error
		if n, err = intArg(c.args[0]); err != nil || n < 0 {
			return nil, argumentErrorf("negative array size")
		}
	}
	if err := c.fr.grow(16 * int(min(n, maxBytes))); err != nil {
		return nil, err
	}
	a := &Array{make([]Value, n)}
	for i := range a.Items {
		a.Items[i] = c.arg(1)
		if c.block != nil {
			var err error
			if a.Items[i], err = c.block.call(int64(i)); err != nil {
				return nil, err
			}
		}
	}
	return a, nil
}

// newHashWithDefault is Hash.new, Hash.new(0) and Hash.new { |hash, key| … }.
func newHashWithDefault(c *call) (Value, error) {
	h := NewHash()
	h.fallback = c.arg(0)
	if block := c.block; block != nil {
		h.missing = func(key Value) (Value, error) { return block.call(h, key) }
	}
	return h, nil
}

func newRegexp(c *call) (Value, error) {
	re, err := regexOf(c.fr, c.args[0])
	if err != nil {
		return nil, err
	}
	return re, nil
}

func escapeRegexp(c *call) (Value, error) {
	s, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	var out []byte
	for i := range len(s) {
		switch s[i] {
		case '\\', '.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '^', '$', '-', '#', ' ':
			out = append(out, '\\', s[i])
		case '\n':
			out = append(out, '\\', 'n')
		case '\t':
			out = append(out, '\\', 't')
		default:
			out = append(out, s[i])
		}
	}
	return string(out), c.fr.grow(len(out))
}
