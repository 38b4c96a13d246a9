package filter_test

import (
	"testing"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/filter"
	"elkhorn/internal/plugin"
)

func findDecoded(t *testing.T, source string) *filter.DecodedJSON {
	t.Helper()
	cfg, err := config.Parse("example.conf", "filter {\n"+source+"\n}", config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var blocks []*plugin.BlockConfig
	cfg.Plugins(config.Filter, func(p *config.Plugin) { blocks = append(blocks, p.Config()) })
	return filter.FindDecodedJSON(blocks)
}

const promoting = `
if [message] =~ /^\{.*\}$/ {
  json { source => "message" target => "parsed" }
  if [parsed] {
    mutate { rename => {
      "[parsed][level]" => "log_level"
      "[parsed][timestamp]" => "log_timestamp"
      "[parsed][user_id]" => "user_id"
      "[parsed][error]" => "[error][message]"
      "[other][x]" => "y"
    } }
  }
}`

func TestDecodedJSON(t *testing.T) {
	d := findDecoded(t, promoting)
	if d == nil {
		t.Fatal("the pipeline is not recognised")
	}
	if got, want := d.String(), "level to log_level, timestamp to log_timestamp, error to [error][message]"; got != want {
		t.Errorf("copies %s, want %s", got, want)
	}
	for _, c := range []struct{ in, want string }{
		{`{"level":"error","timestamp":"t","user_id":"u","error":"boom","message":"failed"}`,
			`matched {"level":"error","timestamp":"t","user_id":"u","error":{"message":"boom"},"message":"failed","log_level":"error","log_timestamp":"t"}`},
		{`{"level":"info","log_level":"kept"}`, `matched {"level":"info","log_level":"kept"}`},
		{`{"message":"{\"level\":\"info\"}","level":"x"}`, `unmatched {"message":"{\"level\":\"info\"}","level":"x"}`},
		{`{"message":"2026-12-25 INFO text","error":"x"}`, `unmatched {"message":"2026-12-25 INFO text","error":"x"}`},
		{`{"message":"text","level":{"number":3}}`, `unmatched {"message":"text","level":{"number":3}}`},
	} {
		v, err := event.ParseJSON([]byte(c.in))
		if err != nil {
			t.Fatal(err)
		}
		ev := event.FromObject(v, testNow)
		var f pipeline.Filter = d
		if got := describe(ev, f.Filter(ev, nil)); got != c.want+"\n" {
			t.Errorf("%s:\ngot  %swant %s", c.in, got, c.want)
		}
	}
}

func TestDecodedJSONIsFoundOnlyWhereItIsMeant(t *testing.T) {
	for name, source := range map[string]string{
		"no json filter":    `mutate { rename => { "[parsed][level]" => "log_level" } }`,
		"other source":      `json { source => "body" target => "parsed" } mutate { rename => { "[parsed][level]" => "log_level" } }`,
		"no target":         `json { source => "message" } mutate { rename => { "[parsed][level]" => "log_level" } }`,
		"no evidence":       `json { source => "message" target => "parsed" } mutate { rename => { "[parsed][tool]" => "tool_name" } }`,
		"rename before":     `mutate { rename => { "[parsed][level]" => "log_level" } } json { source => "message" target => "parsed" }`,
		"deeper than that":  `json { source => "message" target => "parsed" } mutate { rename => { "[parsed][a][level]" => "log_level" } }`,
		"nothing to rename": `json { source => "message" target => "parsed" } mutate { rename => { "[parsed][level]" => "level" } }`,
	} {
		if d := findDecoded(t, source); d != nil {
			t.Errorf("%s: copies %s", name, d)
		}
	}
}
