package ruby

import "time"

// eventMethods are those of event when its field is not a literal; eventCall handles the others.
var eventMethods = table{
	"get":      {1, 1, 0, func(c *call) (Value, error) { return eventField(c, "get") }},
	"set":      {2, 2, 0, func(c *call) (Value, error) { return eventField(c, "set") }},
	"remove":   {1, 1, 0, func(c *call) (Value, error) { return eventField(c, "remove") }},
	"include?": {1, 1, 0, func(c *call) (Value, error) { return eventField(c, "include?") }},
	"tag": {1, 1, 0, func(c *call) (Value, error) {
		tag, err := c.fr.toS(c.args[0])
		if err == nil {
			c.recv.(Event).Tag(tag)
		}
		return nil, err
	}},
	"append":                {1, 1, 0, appendEvent},
	"overwrite":             {1, 1, 0, overwriteEvent},
	"clone":                 {0, 0, 0, copyEvent},
	"dup":                   {0, 0, 0, copyEvent},
	"cancel":                {0, 0, 0, func(c *call) (Value, error) { c.recv.(Event).Cancel(); return nil, nil }},
	"cancelled?":            {0, 0, 0, func(c *call) (Value, error) { return c.recv.(Event).Cancelled(), nil }},
	"to_hash":               {0, 0, 0, func(c *call) (Value, error) { return c.recv.(Event).ToHash(false), nil }},
	"to_hash_with_metadata": {0, 0, 0, func(c *call) (Value, error) { return c.recv.(Event).ToHash(true), nil }},
	"timestamp":             {0, 0, 0, eventTimestamp},
	"sprintf": {1, 1, 0, func(c *call) (Value, error) {
		text, err := textArg(c.args[0])
		if err != nil {
			return nil, err
		}
		out, err := c.recv.(Event).Expand(text)
		if err != nil {
			return nil, argumentErrorf("%v", err)
		}
		return out, c.fr.grow(len(out))
	}},
}

func eventField(c *call, name string) (Value, error) {
	ref, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	field, err := c.fr.host.Field(ref)
	if err != nil {
		return nil, argumentErrorf("%v", err)
	}
	return onField(c.recv.(Event), name, field, c.args[1:])
}

func eventTimestamp(c *call) (Value, error) {
	field, err := c.fr.host.Field("@timestamp")
	if err != nil {
		return nil, argumentErrorf("%v", err)
	}
	v := c.recv.(Event).Get(field)
	if t, ok := v.(Timestamp); ok {
		return t, nil
	}
	return Timestamp{time.Time{}}, nil
}

func errNoEvent() error { return raisef("NameError", "there is no event while init runs") }

// eventBytes is what an event counts for beside its values.
const eventBytes = 1000

func copyEvent(c *call) (Value, error) {
	return c.recv.(Event).Copy(), c.fr.grow(eventBytes)
}

// appendEvent is event.append(other): other's fields are added, and where both have one, arrays and texts become one array
// and objects one object.
func appendEvent(c *call) (Value, error) {
	other, err := eventArg(c)
	if err == nil {
		err = c.recv.(Event).Append(other)
	}
	return c.recv, err
}

// overwriteEvent is event.overwrite(other): the event has other's fields and time and no others.
func overwriteEvent(c *call) (Value, error) {
	other, err := eventArg(c)
	if err == nil {
		err = c.recv.(Event).Overwrite(other)
	}
	return c.recv, err
}

func eventArg(c *call) (Event, error) {
	other, ok := c.args[0].(Event)
	if !ok {
		return nil, typeErrorf("wrong argument type %s (expected LogStash::Event)", describeReceiver(c.args[0]))
	}
	return other, c.fr.grow(eventBytes)
}

// newEvent is LogStash::Event.new.
func newEvent(c *call) (Value, error) {
	fields, ok := c.arg(0).(*Hash)
	if c.arg(0) == nil {
		fields, ok = NewHash(), true
	}
	if !ok {
		return nil, typeErrorf("LogStash::Event.new takes a hash, not %s", describeReceiver(c.args[0]))
	}
	ev, err := c.fr.host.NewEvent(fields)
	if err != nil {
		return nil, argumentErrorf("%v", err)
	}
	return ev, c.fr.grow(eventBytes)
}
