package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/lumberjack"
	"elkhorn/internal/pipeline/settings"
	"elkhorn/internal/vfs"
)

// documented are the configurations of the source documents, each with the check that it gives what requirements.md says of it, from
// lines sent to its own inputs to documents in the store.
var documented = map[string]func(t *testing.T, conf string){
	"architecture/fluentd.conf":                 checkFluentd,
	"architecture/logstash.conf":                checkArchitecture,
	"chatgpt/logstash/chatgpt-app.conf":         checkChatGPT,
	"chatgpt/logstash/grok-patterns-usage.conf": checkGrokUsage,
	"llm/logstash.conf":                         checkLLM,
	"ml/ml-inference.conf":                      checkML,
	"ml/nginx.conf":                             checkNginx,
	"python/python-logs.conf":                   checkPython,
}

// seedConfigs is the folder of those configurations.
func seedConfigs(t *testing.T) string {
	t.Helper()
	root := os.Getenv("ELKHORN_TESTDATA")
	if root == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	return filepath.Join(root, "seed-configs")
}

// TestDocumentedConfigurations runs every .conf file as it is, byte for byte. One that has no check here is a failure.
func TestDocumentedConfigurations(t *testing.T) {
	root := seedConfigs(t)
	left := maps.Clone(documented)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".conf" {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		check := left[name]
		delete(left, name)
		t.Run(name, func(t *testing.T) {
			if check == nil {
				t.Fatal("no check says what this configuration has to give")
			}
			check(t, path)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range left {
		t.Errorf("%s has a check, but is not there", name)
	}
}

// documentedRun is a configuration at work.
type documentedRun struct {
	*Server
	t *testing.T
	// at is where the inputs listen, by the address that the configuration means.
	at  map[string]string
	out *lockedBuffer
	log *lockedBuffer
	// outside holds what is written to /var/log.
	outside string
}

// documentedStart is what a configuration finds around it.
type documentedStart struct {
	environment map[string]string
	// objects are put into the store before the pipeline starts: paths of the REST API, and the files with the bodies.
	objects map[string]string
	// broker is where the host kafka is.
	broker string
	// more are further files of the pipeline.
	more []string
	// node is the settings of the process; nil leaves the monitoring API out.
	node *settings.Node
}

// run starts the whole program with a configuration. Its listeners are at ports that are free, and /var/log is a folder of the test; the
// configuration does not know.
func (at documentedStart) run(t *testing.T, conf string) *documentedRun {
	t.Helper()
	return at.start(t, PipelineConfig{ID: "main", Paths: append([]string{conf}, at.more...), Settings: settings.Defaults().Pipeline})
}

// runText is run for a configuration that is in no file.
func (at documentedStart) runText(t *testing.T, conf string) *documentedRun {
	t.Helper()
	return at.start(t, text("main", conf))
}

func (at documentedStart) start(t *testing.T, pc PipelineConfig) *documentedRun {
	t.Helper()
	r := &documentedRun{t: t, at: map[string]string{}, out: &lockedBuffer{}, log: &lockedBuffer{}, outside: t.TempDir()}
	environment := map[string]string{"ELASTIC_PASSWORD": "x"}
	maps.Copy(environment, at.environment)
	r.Server = newServer(Options{Node: at.node, DataDir: t.TempDir(), HTTP: Address{HostPort: "127.0.0.1:0"}, Pipelines: []PipelineConfig{pc}, Stdout: r.out,
		LookupEnv: func(name string) (string, bool) { value, ok := environment[name]; return value, ok },
		Logger:    slog.New(slog.NewTextHandler(r.log, nil))})
	for _, address := range []string{"127.0.0.1:5000", "127.0.0.1:5044", "127.0.0.1:8080"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() }) // its input has closed it
		r.reserved[address], r.at[address] = l, l.Addr().String()
	}
	r.files = varLog{FS: vfs.Default, dir: r.outside}
	if at.broker != "" {
		connect := r.brokers.connect
		r.brokers.connect = func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == "127.0.0.1:9092" {
				address = at.broker
			}
			return connect(ctx, network, address)
		}
	}
	r.senders.begin(t.Context())
	r.receivers.begin(t.Context())
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := errorsOf(r.openStore, func() error { return r.openListeners(t.Context()) }); err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(at.objects)) {
		body, err := os.ReadFile(filepath.Join(seedConfigs(t), at.objects[path]))
		if err != nil {
			t.Fatal(err)
		}
		r.call(http.MethodPut, path, string(body), nil)
	}
	if err := r.startPipelines(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

// errorsOf calls each in turn until one fails.
func errorsOf(calls ...func() error) error {
	for _, call := range calls {
		if err := call(); err != nil {
			return err
		}
	}
	return nil
}

// varLog is a file system whose /var/log is another folder.
type varLog struct {
	vfs.FS
	dir string
}

func (v varLog) at(path string) string {
	if rest, found := strings.CutPrefix(path, "/var/log"); found {
		return v.dir + rest
	}
	return path
}

func (v varLog) OpenAppend(name string) (vfs.File, error) { return v.FS.OpenAppend(v.at(name)) }
func (v varLog) OpenDir(name string) (vfs.File, error)    { return v.FS.OpenDir(v.at(name)) }
func (v varLog) MkdirAll(name string) error               { return v.FS.MkdirAll(v.at(name)) }
func (v varLog) Stat(name string) (vfs.Info, error)       { return v.FS.Stat(v.at(name)) }

// call sends a request to the store, which must take it, and reads the answer into out unless that is nil.
func (r *documentedRun) call(method, path, body string, out any) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, "http://"+r.HTTPAddr()+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode/100 != 2 {
		r.t.Fatalf("%s %s: %s %s %v", method, path, response.Status, answer, err)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			r.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
		}
	}
}

// stored is a document of the store.
type stored struct {
	index  string
	id     string
	fields map[string]any
}

// search finds documents by a query, "" for all.
func (r *documentedRun) search(index, query string) []stored {
	r.t.Helper()
	if query == "" {
		query = `{"match_all":{}}`
	}
	var answer struct {
		Hits struct {
			Hits []struct {
				Index  string         `json:"_index"`
				ID     string         `json:"_id"`
				Source map[string]any `json:"_source"`
			}
		}
	}
	r.call(http.MethodPost, "/"+index+"/_search?ignore_unavailable=true", `{"size":1000,"query":`+query+`}`, &answer)
	var found []stored
	for _, hit := range answer.Hits.Hits {
		found = append(found, stored{hit.Index, hit.ID, hit.Source})
	}
	return found
}

// documents waits until an index holds so many documents, never more, and gives them.
func (r *documentedRun) documents(index string, want int) []stored {
	r.t.Helper()
	var found []stored
	r.wait(fmt.Sprintf("%d documents in %s", want, index), func() bool {
		found = r.search(index, "")
		if len(found) > want {
			r.t.Fatalf("%s holds %d documents, want %d: %v", index, len(found), want, found)
		}
		return len(found) == want
	})
	return found
}

// wait asks done until it says yes.
func (r *documentedRun) wait(what string, done func() bool) {
	r.t.Helper()
	limit := time.After(time.Minute)
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !done() {
		select {
		case <-limit:
			r.t.Fatalf("waited in vain for %s\n%s", what, r.log)
		case <-again.C:
		}
	}
}

// one is the only document that satisfies a query.
func (r *documentedRun) one(index, query string) stored {
	r.t.Helper()
	found := r.search(index, query)
	if len(found) != 1 {
		r.t.Fatalf("%s finds %d documents of %s, want 1: %v", query, len(found), index, found)
	}
	return found[0]
}

// has compares some of a document's fields, named by paths with dots; nil means that there must be no such field.
func (d stored) has(t *testing.T, want map[string]any) {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(want)) {
		var got any = d.fields
		for name := range strings.SplitSeq(path, ".") {
			object, _ := got.(map[string]any)
			got = object[name]
		}
		if fmt.Sprint(got) != fmt.Sprint(want[path]) {
			t.Errorf("%s of %v is %v, want %v", path, d.fields, got, want[path])
		}
	}
}

// text prints a document's field, for a look inside of an array.
func (d stored) text(field string) string { return fmt.Sprint(d.fields[field]) }

// post sends bodies to the HTTP input, a request each.
func (r *documentedRun) post(bodies ...string) {
	r.t.Helper()
	for _, body := range bodies {
		kind := "text/plain"
		if json.Valid([]byte(body)) {
			kind = "application/json"
		}
		r.postTo("http://"+r.at["127.0.0.1:8080"], kind, body)
	}
}

func (r *documentedRun) postTo(url, kind, body string) {
	r.t.Helper()
	response, err := http.Post(url, kind, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	if answer, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusOK {
		r.t.Fatalf("%q: %s %s %v", body, response.Status, answer, err)
	}
}

// beats sends lines as a shipper does that read them at a time, and waits for the acknowledgement.
func (r *documentedRun) beats(at string, lines ...string) {
	t := r.t
	t.Helper()
	encoder, err := lumberjack.NewEncoder(3)
	if err != nil {
		t.Fatal(err)
	}
	var events [][]byte
	for i, line := range lines {
		event, err := json.Marshal(map[string]any{"@timestamp": at, "message": line, "host": map[string]string{"name": "web-1"}, "agent": map[string]string{"type": "filebeat"},
			"log": map[string]any{"offset": i, "file": map[string]string{"path": "/logs/app.log"}}})
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, event)
	}
	window, err := encoder.Window(events)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", r.at["127.0.0.1:5044"])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(window); err != nil {
		t.Fatal(err)
	}
	for acknowledged := uint32(0); int(acknowledged) < len(lines); {
		if acknowledged, err = lumberjack.ReadACK(conn); err != nil {
			t.Fatal(err)
		}
	}
}

// tcp sends bytes over a connection of their own.
func (r *documentedRun) tcp(data []byte) {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.at["127.0.0.1:5000"])
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := conn.Write(data); err != nil {
		r.t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		r.t.Fatal(err)
	}
}

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// lines are those of a file of samples.
func seedLines(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(seedConfigs(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}
