package content

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var noon = time.Date(2026, 2, 27, 12, 0, 0, 0, time.UTC)

// host is an environment whose clock and files are the test's.
type host struct {
	now   time.Time
	files map[string]string
}

func (h *host) env() Env {
	return Env{Now: func() time.Time { return h.now }, ReadFile: func(path string) ([]byte, error) {
		text, ok := h.files[path]
		if !ok {
			return nil, errors.New("there is no " + path)
		}
		return []byte(text), nil
	}}
}

// newWorker makes a worker from options in JSON.
func newWorker(h *host, kind *Kind, options string) (Worker, error) {
	tree, err := event.ParseObject([]byte(options))
	if err != nil {
		return nil, err
	}
	block := &plugin.BlockConfig{Name: kind.Name}
	for i, v := range tree.Items() {
		block.Options = append(block.Options, plugin.Pair{Key: tree.NameAt(i), Value: setting(v)})
	}
	s, err := plugin.NewSettings(block, kind.Options)
	if err != nil {
		return nil, err
	}
	return kind.New(h.env(), s)
}

func setting(v event.Value) plugin.Value {
	switch v.Kind() {
	case event.Array:
		list := plugin.Value{Kind: plugin.List}
		for _, item := range v.Items() {
			list.List = append(list.List, setting(item))
		}
		return list
	case event.Object:
		m := plugin.Value{Kind: plugin.Map}
		for i, member := range v.Items() {
			m.Pairs = append(m.Pairs, plugin.Pair{Key: v.NameAt(i), Value: setting(member)})
		}
		return m
	case event.Int, event.Float:
		return plugin.Value{Kind: plugin.Number, Str: v.Text()}
	}
	return plugin.Value{Kind: plugin.Text, Str: v.Text()}
}

func mustWorker(t testing.TB, kind *Kind, options string) Worker {
	t.Helper()
	w, err := newWorker(&host{now: noon}, kind, options)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func eventObject(text string) (event.Value, error) { return event.ParseObject([]byte(text)) }

func parse(t testing.TB, text string) event.Value {
	t.Helper()
	v, err := event.ParseObject([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// TestKinds runs testdata/KIND/*.txt. "file" keeps a file of that name; "new" makes a worker from options in JSON and answers its fault;
// "work" puts records, in JSON, through it; "advance" lets time pass; only=FIELD prints that field alone.
func TestKinds(t *testing.T) {
	for _, kind := range Kinds {
		datadriven.Walk(t, filepath.Join("testdata", kind.Name), func(t *testing.T, path string) {
			h := &host{now: noon, files: map[string]string{}}
			var w Worker
			datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
				switch d.Cmd {
				case "file":
					var name string
					d.ScanArgs(t, "name", &name)
					h.files[name] = d.Input
					return ""
				case "advance":
					var by string
					d.ScanArgs(t, "by", &by)
					span, err := time.ParseDuration(by)
					if err != nil {
						t.Fatal(err)
					}
					h.now = h.now.Add(span)
					return ""
				case "new":
					made, err := newWorker(h, kind, d.Input)
					if err != nil {
						return err.Error() + "\n"
					}
					w = made
					return ""
				case "work":
					only := ""
					d.MaybeScanArgs(t, "only", &only)
					return workOn(t, w, d.Input, only)
				}
				t.Fatalf("unknown command %q", d.Cmd)
				return ""
			})
		})
	}
}

func workOn(t *testing.T, w Worker, records, only string) string {
	t.Helper()
	var out strings.Builder
	for rest := bytes.TrimSpace([]byte(records)); len(rest) > 0; rest = bytes.TrimSpace(rest) {
		v, after, err := event.ParseJSONPrefix(rest)
		if err != nil {
			t.Fatalf("%s: %v", rest, err)
		}
		rest = after
		r := Record{Root: v, Time: noon}
		result := w.Work(&r)
		if only != "" {
			v, _ = v.Member(only)
		}
		fmt.Fprintf(&out, "%s %s\n", map[Result]string{Matched: "matched", Unmatched: "unmatched", Dropped: "dropped"}[result], v.AppendJSON(nil))
	}
	return out.String()
}
