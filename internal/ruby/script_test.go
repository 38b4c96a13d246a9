package ruby

import (
	"strings"
	"testing"
)

func TestScriptErrors(t *testing.T) {
	for src, want := range map[string]string{
		"":                          "line 1, column 1: there is no method filter(event)",
		"def filter(event)":         "line 1, column 1: this def has no end",
		"def filter\n[]\nend":       "line 1, column 1: filter takes one parameter",
		"def filter(event, x)\nend": "line 1, column 1: filter takes one parameter",
		"def filter(event)\n[]\nend\ndef filter(event)\n[]\nend": "line 4, column 1: the method filter is defined twice",
		"def filter(event)\nother(1)\nend\ndef other\nend":       "line 2, column 1: other takes 0 arguments, 1 are given",
		"def filter(event)\nnobody(1)\nend":                      "line 2, column 1: there is no function",
		"def filter(event)\n[]\nend\ndef register\nend":          "line 4, column 1: register takes one parameter",
		"def filter(event, *x)\nend":                             "line 1, column 19: expected",
		"def filter(event)\n[]\nend\ntest 'x' do\nend":           "line 4, column 1: the test has no in_event",
		"def filter(event)\n[]\nend\ntest 'x' do\nputs 1\nend":   "line 5, column 1: expected parameters, in_event, expect or end",
		"require 'open3'": "line 1, column 1: this library cannot be required here",
	} {
		_, err := CompileScript(src, testHost())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", src, err, want)
		}
	}
}

// TestScriptMethods calls methods below and above, from blocks, with early returns.
func TestScriptMethods(t *testing.T) {
	s, err := CompileScript(`def filter(event)
  event.set("sum", [1, 2, 3].map { |n| twice(n) }.sum)
  event.set("first", first_over([1, 5, 9], 4))
  event.set("nested", twice(twice(one)))
  [event]
end
def first_over(list, limit)
  found = nil
  list.each { |n| return n if n > limit }
  found
end
def twice(n)
  m = n * 2
  m
end
def one
  1
end
# def not_one
`, testHost())
	if err != nil {
		t.Fatal(err)
	}
	ev := newTestEvent()
	events, err := s.Filter(ev)
	if err != nil || len(events) != 1 || ev.fields["sum"] != int64(12) || ev.fields["first"] != int64(5) || ev.fields["nested"] != int64(4) {
		t.Errorf("got %v, %v, %v", events, ev.fields, err)
	}
}

// FuzzScript compiles and runs whatever comes.
func FuzzScript(f *testing.F) {
	for _, src := range []string{"def filter(event)\n[event]\nend", "def register(p)\n@a = p\nend\ndef filter(e)\n[e, e.clone]\nend\ntest 'x' do\nin_event { {} }\nexpect('y') { |e| e }\nend",
		"def filter(event)\na(1)\nend\ndef a(b)\nreturn [] if b\nend"} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		s, err := CompileScript(src, testHost())
		if err != nil {
			return
		}
		_ = s.Test()
		_ = s.Register(NewHash())
		_, _ = s.Filter(newTestEvent())
	})
}
