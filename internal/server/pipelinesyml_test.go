package server

import (
	"strings"
	"testing"

	"elkhorn/internal/pipeline/settings"
)

// TestConfigStringHasStandardStreams: a config.string without an input reads standard input and one without an output prints, as -e is used.
func TestConfigStringHasStandardStreams(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{" ", `"message" => "hello"`},
		{`filter { mutate { add_field => { "by" => "me" } } } # no newline`, `"by" => "me"`},
		{`input { stdin { codec => line } } filter { mutate { add_field => { "by" => "me" } } }`, `"by" => "me"`},
		{`output { stdout { codec => line { format => "%{type}: %{message}" } } }`, "stdin: hello"},
	} {
		node := settings.Defaults()
		node.Pipeline.Text = c.text
		configs, err := NodePipelines(node, "", noEnv)
		if err != nil {
			t.Fatal(err)
		}
		opts, out := printing(t, "hello\n", configs...)
		if err := RunPipelines(t.Context(), opts); err != nil {
			t.Errorf("%s: %v", c.text, err)
		}
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: printed %q, want %q in it", c.text, out.String(), c.want)
		}
	}
}
