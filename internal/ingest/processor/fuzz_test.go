package processor

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/event"
)

// sampleDocument has something for every processor.
const sampleDocument = `{"message":"10.0.0.1 GET /a?b=1 200 \"x\", y","n":5,"list":["a",1,null,{"k":"v"}],"o":{"a.b":1,"c":{"d":true}},"t":"2026-02-27T12:00:00Z","a.b":1,
"source":{"ip":"10.0.0.1","port":1},"destination":{"ip":"8.8.8.8","port":"2"},"network":{"transport":"tcp"},"agent":"curl/8.0","url":"http://u:p@h:1/p.q?r#s","json":"{\"x\":1}"}`

// definitions are the definitions of the examples.
func definitions(f *testing.F) []string {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	var found []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, `{"`) && strings.HasSuffix(line, "}}") {
				found = append(found, `{"processors":[`+line+`]}`)
			}
		}
	}
	if len(found) == 0 {
		f.Fatal("no examples")
	}
	return found
}

func FuzzDefinition(f *testing.F) {
	for _, d := range definitions(f) {
		f.Add(d)
	}
	f.Add(`{"processors":[{"foreach":{"field":"list","processor":{"set":{"field":"x","copy_from":"o"}}}}],"on_failure":[{"drop":{}}],"version":1,"_meta":{}}`)
	f.Fuzz(func(t *testing.T, definition string) {
		tree, err := event.ParseObject([]byte(definition))
		if err != nil {
			return
		}
		others := map[string]*Pipeline{}
		p, err := Compile("fuzzed", tree, testEnv(others))
		if err != nil {
			return
		}
		others["fuzzed"] = p
		checkRun(t, p, sampleDocument)
	})
}

// checkRun runs a pipeline and sees to it that what is left is a document.
func checkRun(t *testing.T, p *Pipeline, doc string) {
	source, err := event.ParseObject([]byte(doc))
	if err != nil {
		return
	}
	d := NewDocument(context.Background(), Metadata{Index: "i", Version: AnyVersion}, source, noon)
	before := len(doc)
	if err := p.Run(d); err != nil {
		return
	}
	out := d.Source().AppendJSON(nil)
	if !json.Valid(out) {
		t.Errorf("not JSON: %s", out)
	}
	if len(out) > before+2*maxWrittenBytes {
		t.Errorf("a document of %d bytes became one of %d", before, len(out))
	}
}

// richDefinition has every processor that changes documents, each going on when it fails.
func richDefinition(f *testing.F) string {
	var steps []string
	for _, d := range definitions(f) {
		step := strings.TrimSuffix(strings.TrimPrefix(d, `{"processors":[`), `]}`)
		tree, err := event.ParseObject([]byte(step))
		if err != nil || tree.At(0).Kind() != event.Object {
			continue
		}
		switch tree.NameAt(0) {
		case "drop", "fail", "terminate", "reroute", "pipeline":
			continue
		}
		tree.At(0).SetMember("ignore_failure", event.BoolOf(true))
		tree.At(0).RemoveMember("on_failure")
		steps = append(steps, string(tree.AppendJSON(nil)))
	}
	kept := steps[:0]
	for _, step := range steps {
		tree, _ := event.ParseObject([]byte(`{"processors":[` + step + `]}`))
		if _, err := Compile("step", tree, testEnv(nil)); err == nil {
			kept = append(kept, step)
		}
	}
	return `{"processors":[` + strings.Join(kept, ",") + `]}`
}

func FuzzDocument(f *testing.F) {
	tree, err := event.ParseObject([]byte(richDefinition(f)))
	if err != nil {
		f.Fatal(err)
	}
	p, err := Compile("rich", tree, testEnv(nil))
	if err != nil {
		f.Fatal(err)
	}
	if len(p.steps) < 40 {
		f.Fatalf("only %d processors", len(p.steps))
	}
	f.Add(sampleDocument)
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, `{"`) {
				f.Add(line)
			}
		}
	}
	f.Fuzz(func(t *testing.T, doc string) { checkRun(t, p, doc) })
}

// TestLimits feeds definitions that would go on for ever, or grow without end.
func TestLimits(t *testing.T) {
	var copies []string
	for i := range 60 {
		copies = append(copies, fmt.Sprintf(`{"set":{"field":"a.f%d","copy_from":"a"}}`, i))
	}
	doubling := `{"processors":[` + strings.Join(copies, ",") + `]}`
	nested := `{"foreach":{"field":"v","processor":{"append":{"field":"out","value":"{{x}}"}}}}`
	for range 4 {
		nested = `{"foreach":{"field":"v","processor":` + nested + `}}`
	}
	text := strings.Repeat("x", 1000)
	items := "[" + strings.TrimSuffix(strings.Repeat("1,", 100), ",") + "]"
	for name, c := range map[string]struct{ definition, doc, want string }{
		"copies of copies": {doubling, `{"a":{"x":"` + text + `"}}`, "processors wrote more than"},
		"loops in loops":   {`{"processors":[` + nested + `]}`, `{"v":` + items + `,"x":"` + text + `"}`, "more than"},
	} {
		tree, err := event.ParseObject([]byte(c.definition))
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile("p", tree, testEnv(nil))
		if err != nil {
			t.Fatal(err)
		}
		source, err := event.ParseObject([]byte(c.doc))
		if err != nil {
			t.Fatal(err)
		}
		d := NewDocument(context.Background(), Metadata{}, source, noon)
		if err := p.Run(d); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.200v", name, err)
		}
	}
	deep := strings.Repeat(`{"foreach":{"field":"v","processor":`, 60) + `{"drop":{}}` + strings.Repeat("}}", 60)
	tree, err := event.ParseObject([]byte(`{"processors":[` + deep + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Compile("p", tree, testEnv(nil)); err == nil || !strings.Contains(err.Error(), "nested more than") {
		t.Errorf("60 loops inside each other: %v", err)
	}
}

// TestRunEndsWithItsRequest gives up when nobody waits any more.
func TestRunEndsWithItsRequest(t *testing.T) {
	tree, err := event.ParseObject([]byte(`{"processors":[{"foreach":{"field":"v","processor":{"trim":{"field":"_ingest._value"}}}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile("p", tree, testEnv(nil))
	if err != nil {
		t.Fatal(err)
	}
	source, err := event.ParseObject([]byte(`{"v":[` + strings.TrimSuffix(strings.Repeat(`"a",`, 10_000), ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.Run(NewDocument(ctx, Metadata{}, source, noon)); err != context.Canceled {
		t.Errorf("%v", err)
	}
}
