package painless

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"
)

// FuzzScripts compiles and runs any text in several contexts: it may fail, but neither panic nor go on for long.
func FuzzScripts(f *testing.F) {
	file, err := os.Open("testdata/values.txt")
	if err != nil {
		f.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if at := strings.LastIndex(lines.Text(), " => "); at >= 0 {
			f.Add(lines.Text()[:at])
		}
	}
	f.Add("doc['n'].value * 2 > 5")
	f.Add("emit(doc['s'].value)")
	f.Add("ctx._source.counter += params.count")
	f.Fuzz(func(t *testing.T, source string) {
		for _, ctx := range []Context{Test, Filter, Update, MovingFunction, LongField} {
			s, err := Compile(source, ctx)
			if err != nil {
				continue
			}
			env := testEnv(t)
			start := time.Now()
			v, err := s.Run(env)
			if took := time.Since(start); took > 20*time.Second {
				t.Fatalf("a run took %s", took)
			}
			if err == nil {
				_, _ = AppendJSON(nil, v)
			}
		}
	})
}
