package painless

import "testing"

func TestWeight(t *testing.T) {
	text := StringOf(string(make([]byte, 1000)))
	if got := Weight(text); got < 1000 || got > 1200 {
		t.Errorf("a text of 1000 bytes weighs %d", got)
	}
	m := NewMap()
	m.SetText("a", ListOf(text, text))
	if got := Weight(MapOf(m)); got < 2000 || got > 2600 {
		t.Errorf("a map of two such texts weighs %d", got)
	}
	m.SetText("self", MapOf(m)) // what holds itself ends
	if got := Weight(MapOf(m)); got < 2000 {
		t.Errorf("a map in itself weighs %d", got)
	}
	twice := ListOf(text)
	for range 60 {
		twice = ListOf(twice, twice)
	}
	if got := Weight(twice); got <= 0 {
		t.Errorf("a list of lists weighs %d", got)
	}
}

func TestAllocated(t *testing.T) {
	script, err := Compile("List l = new ArrayList(); for (int i = 0; i < 1000; i++) { l.add('x' + i) } return l", Test)
	if err != nil {
		t.Fatal(err)
	}
	env := &Env{Vars: []Value{MapOf(NewMap())}}
	if _, err := script.Run(env); err != nil {
		t.Fatal(err)
	}
	if got := env.Allocated(); got < 1000 || got > 1<<20 {
		t.Errorf("a thousand texts took %d bytes", got)
	}
}
