package output

import (
	"strings"
	"testing"

	"elkhorn/internal/plugin"
)

func TestCodecsThatOnlyDecode(t *testing.T) {
	env, _ := testEnv()
	for _, name := range []string{"es_bulk", "gzip_lines"} {
		_, _, err := Table.Build(env, &plugin.BlockConfig{Name: "stdout", Options: []plugin.Pair{{Key: "codec", Value: plugin.Value{Kind: plugin.Text, Str: name}}}})
		if err == nil || !strings.Contains(err.Error(), name+" reads events and cannot write them") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
