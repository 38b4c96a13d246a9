package e2e

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestDeadLetters: an event that the store refuses is listed with its reason, shown whole, and written again once the cause is mended, through
// filters that mend it; what is refused again stays. The letters are where the pipeline's settings want them.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	input, monitor := freePort(t), freePort(t)
	data := filepath.Join(dir, "data")
	config := writeFile(t, dir, "orders.conf", fmt.Sprintf(`input { http { host => "127.0.0.1" port => %s codec => json } }
filter { if [fix] == "yes" and [@metadata][seen] { mutate { replace => { "price" => "3" } } } mutate { add_field => { "[@metadata][seen]" => "1" } } }
output { elasticsearch { id => "store" hosts => ["http://elasticsearch:9200"] index => "orders" } }
`, input))
	list := writeFile(t, dir, "pipelines.yml", "- pipeline.id: orders\n  path.config: "+config+"\n  path.dead_letter_queue: "+filepath.Join(dir, "letters")+"\n")
	p := start(t, "up", "--data", data, "--http", "127.0.0.1:0", "--ui", "off", "--monitor", "127.0.0.1:"+monitor, "--pipelines", list)
	p.mustCall("PUT", "/orders", `{"mappings":{"properties":{"price":{"type":"integer"}}}}`, nil)
	for _, body := range []string{`{"price":1}`, `{"price":"dear","fix":"yes","note":"first"}`, `{"price":"cheap","note":"second"}`} {
		resp, err := http.Post("http://127.0.0.1:"+input, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s, %v\n%s", resp.Status, err, &p.stderr)
		}
	}
	listed := output(t, "dlq", "list", "--data", data)
	lines := strings.Split(strings.TrimSpace(listed), "\n")
	if len(lines) != 3 || strings.Count(listed, "orders") < 2 || strings.Count(listed, "store") != 2 || !strings.Contains(listed, "400") || !strings.Contains(listed, "[price]") {
		t.Fatalf("the list is\n%s", listed)
	}
	id := strings.Fields(lines[1])[0]
	if shown := output(t, "dlq", "show", "--data", data, id); !strings.Contains(shown, `"note": "first"`) || !strings.Contains(shown, `"seen": "1"`) {
		t.Errorf("%s is\n%s", id, shown)
	}
	if said := output(t, "dlq", "replay", "orders", "--filters", "--url", "http://127.0.0.1:"+monitor); !strings.HasPrefix(said, "2 events") {
		t.Errorf("replay says %s", said)
	}
	p.mustCall("POST", "/orders/_refresh", "", nil)
	if got := p.count("orders", ""); got != 2 {
		t.Errorf("%d documents after the replay, want 2", got)
	}
	left := output(t, "dlq", "list", "--data", data, "--json")
	if strings.Count(left, "\n") != 1 || !strings.Contains(left, `"note":"second"`) {
		t.Errorf("left are\n%s", left)
	}
	refused(t, "dlq", "replay", "nobody", "--url", "http://127.0.0.1:"+monitor)
	p.stop()
}
