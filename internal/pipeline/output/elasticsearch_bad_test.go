package output

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// TestElasticsearchBusyForAnHour: a store that answers 429 for an hour, to the request or to each document, gets every document once.
func TestElasticsearchBusyForAnHour(t *testing.T) {
	for _, whole := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			env, kept := testEnv()
			start, tries, taken := time.Now(), 0, 0
			env.Dialer = bulker{bulk: func(req *es.BulkRequest) (*es.BulkResponse, error) {
				tries++
				busy := time.Since(start) < time.Hour
				if busy && whole {
					return nil, eserr.Rejected("busy")
				}
				resp := &es.BulkResponse{}
				for range req.Ops {
					if busy {
						resp.Items = append(resp.Items, es.BulkItem{Status: 429, Err: eserr.Rejected("busy")})
						continue
					}
					taken++
					resp.Items = append(resp.Items, es.BulkItem{Status: 201})
				}
				return resp, nil
			}}
			out := build(t, env, "elasticsearch", "index", "i")
			if err := out.Write(t.Context(), numbered(t, 500)); err != nil {
				t.Fatal(err)
			}
			if taken != 500 || len(kept.kept) != 0 || tries > int(time.Hour/lastRetry)+12 {
				t.Errorf("%d taken, %d dead letters, %d tries", taken, len(kept.kept), tries)
			}
		})
	}
}

// bulkServer answers _bulk over HTTP: reply gets the number of the request from 0 on and the ids asked for.
func bulkServer(t *testing.T, reply func(w http.ResponseWriter, n int, ids []string) error) string {
	t.Helper()
	var mu sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, err := io.ReadAll(r.Body)
		if err != nil || r.URL.Path != "/_bulk" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		var ids []string
		for i, line := range strings.Split(strings.TrimSpace(string(body)), "\n") {
			if _, rest, ok := strings.Cut(line, `"_id":"`); ok && i%2 == 0 {
				id, _, _ := strings.Cut(rest, `"`)
				ids = append(ids, id)
			}
		}
		if err := reply(w, n, ids); err != nil {
			t.Error(err)
		}
		n++
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// answerBulk writes an answer in which some documents are refused.
func answerBulk(w io.Writer, ids []string, refused func(id string) bool) error {
	var items []string
	for _, id := range ids {
		if refused(id) {
			items = append(items, fmt.Sprintf(`{"index":{"_id":%q,"status":400,"error":{"type":"document_parsing_exception","reason":"bad field"}}}`, id))
		} else {
			items = append(items, fmt.Sprintf(`{"index":{"_id":%q,"status":201,"result":"created"}}`, id))
		}
	}
	_, err := io.WriteString(w, `{"took":1,"errors":true,"items":[`+strings.Join(items, ",")+`]}`)
	return err
}

// TestElasticsearchRefusesOneInAHundred: those are dead letters; the others are stored, each once.
func TestElasticsearchRefusesOneInAHundred(t *testing.T) {
	stored := map[string]int{}
	bad := func(id string) bool { return strings.HasSuffix(id, "42") }
	url := bulkServer(t, func(w http.ResponseWriter, _ int, ids []string) error {
		for _, id := range ids {
			if !bad(id) {
				stored[id]++
			}
		}
		return answerBulk(w, ids, bad)
	})
	env, kept := testEnv()
	out := build(t, env, "elasticsearch", "hosts", url, "index", "i", "document_id", "%{n}")
	if err := out.Write(t.Context(), numbered(t, 1000)); err != nil {
		t.Fatal(err)
	}
	if len(stored) != 990 || len(kept.kept) != 10 || kept.kept[0].Status != 400 {
		t.Errorf("%d stored, %d dead letters", len(stored), len(kept.kept))
	}
	for id, times := range stored {
		if times != 1 {
			t.Errorf("document %s was sent %d times", id, times)
		}
	}
}

// TestElasticsearchClosesHalfWay: a store that closes the connection before or within its answer gets the same documents, under the same
// ids, again.
func TestElasticsearchClosesHalfWay(t *testing.T) {
	stored := map[string]bool{}
	url := bulkServer(t, func(w http.ResponseWriter, n int, ids []string) error {
		for _, id := range ids {
			stored[id] = true
		}
		if n >= 3 {
			return answerBulk(w, ids, func(string) bool { return false })
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return err
		}
		said := []string{"", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"took\":1", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"}[n]
		_, err = io.WriteString(conn, said)
		return errors.Join(err, conn.Close())
	})
	env, kept := testEnv()
	out := build(t, env, "elasticsearch", "hosts", url, "index", "i", "document_id", "%{n}")
	if err := out.Write(t.Context(), numbered(t, 20)); err != nil {
		t.Fatal(err)
	}
	if len(stored) != 20 || len(kept.kept) != 0 {
		t.Errorf("%d stored, %d dead letters", len(stored), len(kept.kept))
	}
}

func TestElasticsearchDataStreams(t *testing.T) {
	var got []string
	env, _ := testEnv()
	env.Dialer = bulker{bulk: func(req *es.BulkRequest) (*es.BulkResponse, error) {
		resp := &es.BulkResponse{}
		for _, op := range req.Ops {
			got = append(got, op.Action.String()+" "+op.Index+" "+string(op.Source))
			resp.Items = append(resp.Items, es.BulkItem{Status: 201})
		}
		return resp, nil
	}}
	write := func(options ...string) {
		t.Helper()
		out := build(t, env, "elasticsearch", append(options, "data_stream", "true")...)
		events := []*event.Event{doc(t, `{"n":1}`), doc(t, `{"data_stream":{"dataset":"Nginx-Access","namespace":7}}`)}
		if err := out.Write(t.Context(), events); err != nil {
			t.Fatal(err)
		}
	}
	write()
	write("data_stream_dataset", "app", "data_stream_namespace", "prod", "data_stream_type", "metrics", "data_stream_auto_routing", "false", "data_stream_sync_fields", "false")
	const at = `{"@timestamp":"2026-01-15T12:00:00.000Z",`
	want := []string{`create logs-generic-default ` + at + `"n":1,"data_stream":{"type":"logs","dataset":"generic","namespace":"default"}}`,
		`create logs-nginx_access-default ` + at + `"data_stream":{"dataset":"nginx_access","namespace":"default","type":"logs"}}`,
		`create metrics-app-prod ` + at + `"n":1}`, `create metrics-app-prod ` + at + `"data_stream":{"dataset":"Nginx-Access","namespace":7}}`}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for reason, options := range map[string][]plugin.Pair{
		"cannot stand beside data_stream": {text("data_stream", "true"), text("index", "x")},
		"must be create":                  {text("data_stream", "true"), text("action", "index")},
		"needs data_stream => true":       {text("data_stream_dataset", "x")},
		`"a_b" is`:                        {text("data_stream", "true"), text("data_stream_dataset", "A-b")},
	} {
		if _, _, err := Table.Build(env, &plugin.BlockConfig{Name: "elasticsearch", Options: options}); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("got %v, want %s", err, reason)
		}
	}
}
