package ruby

import "time"

// Task is what programs of Logstash's aggregate filter know as map_meta.
type Task struct {
	ID                 string
	Created, LastEvent time.Time
	// Timeout and InactivityTimeout are numbers of seconds that a program has set, nil for the filter's own.
	Timeout, InactivityTimeout Value
}

// Callback is a function of the host that a program calls, such as new_event_block.
type Callback struct{ Call func(args []Value) error }

var taskMethods = table{
	"task_id":             {0, 0, 0, func(c *call) (Value, error) { return c.recv.(*Task).ID, nil }},
	"creation_timestamp":  {0, 0, 0, func(c *call) (Value, error) { return Time{c.recv.(*Task).Created}, nil }},
	"lastevent_timestamp": {0, 0, 0, func(c *call) (Value, error) { return Time{c.recv.(*Task).LastEvent}, nil }},
	"timeout":             {0, 0, 0, func(c *call) (Value, error) { return c.recv.(*Task).Timeout, nil }},
	"timeout=":            {1, 1, 0, func(c *call) (Value, error) { return setSeconds(&c.recv.(*Task).Timeout, c.args[0]) }},
	"inactivity_timeout":  {0, 0, 0, func(c *call) (Value, error) { return c.recv.(*Task).InactivityTimeout, nil }},
	"inactivity_timeout=": {1, 1, 0, func(c *call) (Value, error) { return setSeconds(&c.recv.(*Task).InactivityTimeout, c.args[0]) }},
}

func setSeconds(to *Value, v Value) (Value, error) {
	switch v.(type) {
	case nil, int64, float64:
		*to = v
		return v, nil
	}
	return nil, typeErrorf("a timeout is a number of seconds, not %s", describeReceiver(v))
}

var callbackMethods = table{
	"call": {0, -1, 0, func(c *call) (Value, error) {
		if err := c.recv.(*Callback).Call(c.args); err != nil {
			return nil, argumentErrorf("%v", err)
		}
		return nil, nil
	}},
}
