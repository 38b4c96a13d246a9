package filter

import (
	"testing"
	"time"
	"unsafe"

	"elkhorn/internal/event"
)

// TestProgramsThatKeepTextsGetCopies sees to it that a word in a program's variables does not keep the whole document in memory.
func TestProgramsThatKeepTextsGetCopies(t *testing.T) {
	document := "a long document with a word in it"
	word := document[23:27]
	ev := event.New(time.Unix(0, 0))
	ev.Fields().SetMember("w", event.ArrayOf(event.StringOf(word)))
	path := event.MustPath("[w][0]")
	get := func(keeps bool) string {
		run := newRubyRun(keeps)
		run.begin(ev, nil)
		text, _ := run.event.Get(path).(string)
		return text
	}
	shared, copied := get(false), get(true)
	if shared != word || copied != word || unsafe.StringData(shared) != unsafe.StringData(word) || unsafe.StringData(copied) == unsafe.StringData(word) {
		t.Errorf("got %q and %q", shared, copied)
	}
}
