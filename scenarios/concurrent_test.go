package scenarios

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// TestConcurrentBulks sends bulk requests from several clients at once and reads every document back: the
// buffers of bodies are used again, so that a store that kept a piece of one would give back another's
// bytes.
func TestConcurrentBulks(t *testing.T) {
	const clients, requests, documents = 4, 6, 200
	url := embedded(t)
	source := func(client, request, n int) string {
		return fmt.Sprintf(`{"client":%d,"request":%d,"n":%d,"text":"%s"}`, client, request, n, strings.Repeat(string(rune('a'+(client*requests+request)%26)), 600))
	}
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			for request := range requests {
				var body strings.Builder
				for n := range documents {
					fmt.Fprintf(&body, "{\"index\":{\"_id\":\"%d-%d-%d\"}}\n%s\n", client, request, n, source(client, request, n))
				}
				if status, answer := call(t, http.MethodPost, url+"/a/_bulk?filter_path=errors", body.String()); status != 200 || answer != `{"errors":false}` {
					t.Errorf("%d %s", status, answer)
				}
			}
		})
	}
	wg.Wait()
	for client := range clients {
		for request := range requests {
			for n := 0; n < documents; n += 37 {
				_, got := call(t, http.MethodGet, fmt.Sprintf("%s/a/_source/%d-%d-%d", url, client, request, n), "")
				if want := source(client, request, n); got != want {
					t.Fatalf("document %d-%d-%d is %.120s, want %.120s", client, request, n, got, want)
				}
			}
		}
	}
	if _, body := call(t, http.MethodGet, url+"/a/_count?filter_path=count", ""); body != fmt.Sprintf(`{"count":%d}`, clients*requests*documents) {
		t.Error(body)
	}
}
