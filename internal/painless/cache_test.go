package painless

import (
	"fmt"
	"testing"
)

// TestCompileCached compiles a text once for each context, counts that, and makes room when there are too many.
func TestCompileCached(t *testing.T) {
	before := Stats()
	compile := func(source, context string) *Script {
		t.Helper()
		s, err := CompileCached(source, Context{Name: context})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := compile("return 1 + 41", "a")
	if compile("return 1 + 41", "a") != first || compile("return 1 + 41", "b") == first {
		t.Error("a script is compiled again, or one of another context is taken for it")
	}
	if _, err := CompileCached("return (", Context{Name: "a"}); err == nil {
		t.Error("what is no script compiles")
	}
	if got := Stats(); got.Compilations != before.Compilations+2 || got.Evictions != before.Evictions {
		t.Errorf("%+v, after %+v", got, before)
	}
	for i := range maxCached {
		compile(fmt.Sprintf("return %d", i), "a")
	}
	if got := Stats(); got.Evictions == before.Evictions || compile("return 1 + 41", "a") == first {
		t.Errorf("nothing had to make room: %+v", got)
	}
}
