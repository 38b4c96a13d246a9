package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// TestKillKeepsMetrics: what stack monitoring shows begins before the process that shows it.
func TestKillKeepsMetrics(t *testing.T) {
	t.Parallel()
	data, ui := t.TempDir(), "127.0.0.1:"+freePort(t)
	args := []string{"server", "--data", data, "--http", "127.0.0.1:0", "--ui", ui}
	p := start(t, args...)
	eventually(t, "the first sample", func() (bool, string) {
		info, err := os.Stat(filepath.Join(data, "metrics", "day"))
		return err == nil && info.Size() > 16, fmt.Sprint(info, err)
	})
	p.kill()
	p = start(t, args...)
	eventually(t, "a sample of the second process", func() (bool, string) {
		resp, err := http.Get("http://" + ui + "/api/console/metrics?seconds=2592000")
		if err != nil {
			return false, err.Error()
		}
		defer resp.Body.Close()
		var answer struct{ Points []struct{ Restarted bool } }
		if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
			return false, err.Error()
		}
		return len(answer.Points) > 0 && answer.Points[0].Restarted, fmt.Sprint(answer)
	})
	p.stop()
}
