package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// openSearchHeap is the heap of the node: the documentation advises half of the memory at most, and the
// benchmark's documents fit well into this. BENCH_OPENSEARCH_HEAP names another.
const openSearchHeap = "2g"

func openSearch() rival {
	return rival{name: "opensearch", title: "OpenSearch",
		how:     "a node in a JVM of its own, heap of " + heapOfOpenSearch() + ", over HTTP like Elkhorn; one shard, no replica, the same explicit mapping, refresh off while loading and one refresh at the end, as its documentation advises for a load",
		prepare: prepareOpenSearch}
}

func heapOfOpenSearch() string {
	if heap := os.Getenv("BENCH_OPENSEARCH_HEAP"); heap != "" {
		return heap
	}
	return openSearchHeap
}

// leastJava is the oldest Java that the version in pom.xml runs on.
const leastJava = 21

func prepareOpenSearch(ctx context.Context, folder string) (starter, error) {
	java, err := newestJava(ctx)
	if err != nil {
		return nil, err
	}
	folder = filepath.Join(folder, "opensearch")
	pom, err := filepath.Abs("../tools/opensearch/pom.xml")
	if err != nil {
		return nil, err
	}
	install := func() error {
		return command(ctx, "", "mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", "-DoutputDirectory="+filepath.Join(folder, "lib"))
	}
	if err := once(folder, pom, install); err != nil {
		return nil, err
	}
	classes, libraries := filepath.Join(folder, "classes"), filepath.Join(folder, "lib", "*")
	if err := command(ctx, "", filepath.Join(java, "javac"), "-nowarn", "-cp", libraries, "-d", classes, "../tools/opensearch/SingleNode.java"); err != nil {
		return nil, err
	}
	return func(ctx context.Context, data, _ string, _ *truth) (engine, error) {
		args := slices.Concat(javaOptions(heapOfOpenSearch()), []string{"-cp", classes + ":" + libraries, "SingleNode", data})
		return startOpenSearch(ctx, exec.Command(filepath.Join(java, "java"), args...), data)
	}, nil
}

// javaOptions are those of the node's own distribution.
func javaOptions(heap string) []string {
	return []string{"-Xms" + heap, "-Xmx" + heap, "-XX:+UseG1GC", "-XX:G1ReservePercent=25", "-XX:InitiatingHeapOccupancyPercent=30",
		"-XX:+AlwaysPreTouch", "-Xss1m", "-XX:-OmitStackTraceInFastThrow", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8",
		"-Djna.nosys=true", "-Dio.netty.noUnsafe=true", "-Dio.netty.noKeySetOptimization=true", "-Dio.netty.recycler.maxCapacityPerThread=0",
		"-Dlog4j.shutdownHookEnabled=false", "-Dlog4j2.disable.jmx=true", "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"}
}

// javaVersion finds the number in what `java -version` prints.
var javaVersion = regexp.MustCompile(`version "(\d+)`)

// newestJava is the folder of the programs of the newest Java development kit on the machine.
func newestJava(ctx context.Context) (string, error) {
	candidates, err := filepath.Glob("/usr/lib/jvm/*/bin")
	if err != nil {
		return "", err
	}
	if home := os.Getenv("JAVA_HOME"); home != "" {
		candidates = append(candidates, filepath.Join(home, "bin"))
	}
	if path, err := exec.LookPath("javac"); err == nil {
		candidates = append(candidates, filepath.Dir(path))
	}
	best, newest := "", 0
	for _, dir := range candidates {
		if _, err := os.Stat(filepath.Join(dir, "javac")); err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, filepath.Join(dir, "java"), "-version").CombinedOutput()
		if m := javaVersion.FindSubmatch(out); err == nil && m != nil {
			if n, _ := strconv.Atoi(string(m[1])); n > newest {
				best, newest = dir, n
			}
		}
	}
	if newest < leastJava {
		return "", fmt.Errorf("it needs a Java development kit %d or newer; the newest found is %d", leastJava, newest)
	}
	return best, nil
}

// httpEngine is a rival that speaks Elasticsearch's protocol.
type httpEngine struct {
	process *process
	client  *client
	in      io.WriteCloser
	says    string
}

var listening = regexp.MustCompile(`listening on (http://\S+)`)

func startOpenSearch(ctx context.Context, cmd *exec.Cmd, data string) (engine, error) {
	if err := os.MkdirAll(data, 0o755); err != nil {
		return nil, err
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = cmd.Stdout
	p, base, err := startProcess(ctx, cmd, data, out, listening)
	if err != nil {
		return nil, err
	}
	e := &httpEngine{process: p, client: newClient(base), in: in}
	if e.says, err = e.client.versionNumber(ctx); err != nil {
		return nil, errors.Join(err, e.stop())
	}
	return e, nil
}

func (e *httpEngine) proc() *process  { return e.process }
func (e *httpEngine) version() string { return e.says }

func (e *httpEngine) load(ctx context.Context, in *staged, o *options) error {
	create := `{"settings":{"index":{"number_of_shards":1,"number_of_replicas":0,"refresh_interval":"-1"}},"mappings":` + in.set.mapping + `}`
	if _, err := e.client.json(ctx, http.MethodPut, "/bench", create); err != nil {
		return err
	}
	if _, err := load(ctx, e.client, "bench", in.set.documents(), o.bulk, o.connections); err != nil {
		return err
	}
	_, err := e.client.json(ctx, http.MethodPost, "/bench/_refresh", "")
	return err
}

func (e *httpEngine) flush(ctx context.Context) error {
	if _, err := e.client.json(ctx, http.MethodPut, "/bench/_settings", `{"index":{"refresh_interval":null}}`); err != nil {
		return err
	}
	_, err := e.client.json(ctx, http.MethodPost, "/bench/_flush", "")
	return err
}

func (e *httpEngine) ask(ctx context.Context, q *query) (answer, time.Duration, error) {
	return e.search(ctx, q, false)
}

func (e *httpEngine) askAgain(ctx context.Context, q *query) (answer, time.Duration, error) {
	return e.search(ctx, q, true)
}

func (e *httpEngine) search(ctx context.Context, q *query, kept bool) (answer, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	return e.client.search(ctx, "bench", openSearchPercentiles.Replace(q.body), kept)
}

// openSearchPercentiles asks for the histogram that its documentation recommends for latencies: the
// default sketch is 1.4 % off on two million documents, which is not within the bound.
var openSearchPercentiles = strings.NewReplacer(`"percents":[50,95,99]`, `"percents":[50,95,99],"hdr":{"number_of_significant_value_digits":3}`)

// stop ends the node by ending its input.
func (e *httpEngine) stop() error {
	return errors.Join(e.in.Close(), e.process.wait())
}
