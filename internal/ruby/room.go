package ruby

// room is memory for the calls and arguments of a run, each used once in it: what is full is taken from the heap. Only frames
// that serve several runs have any.
type room struct {
	calls  []call
	values []Value
}

// Enough for the programs that people write for one event; a loop takes more.
const (
	roomCalls  = 32
	roomValues = 32
)

func newRoom() room {
	return room{calls: make([]call, 0, roomCalls), values: make([]Value, 0, roomValues)}
}

func (r *room) clear() {
	clear(r.calls)
	clear(r.values)
	r.calls, r.values = r.calls[:0], r.values[:0]
}

// newCall makes a call.
func (fr *frame) newCall(recv Value, args []Value) *call {
	calls := fr.room.calls
	if len(calls) == cap(calls) {
		return &call{fr: fr, recv: recv, args: args}
	}
	calls = append(calls, call{fr: fr, recv: recv, args: args})
	fr.room.calls = calls
	return &calls[len(calls)-1]
}

// newList makes an empty list with room for n values.
func (fr *frame) newList(n int) []Value {
	values := fr.room.values
	used := len(values)
	if n > cap(values)-used {
		return make([]Value, 0, n)
	}
	fr.room.values = values[:used+n]
	return values[used : used : used+n]
}
