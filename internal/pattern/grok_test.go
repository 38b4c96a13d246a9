package pattern

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func grokFor(t testing.TB, source string) *Grok {
	t.Helper()
	g, err := NewLibrary().Compile(source, GrokOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// captured joins the captures as name=value pairs; "-" when nothing matches.
func captured(t testing.TB, g *Grok, text string) string {
	t.Helper()
	names, values, err := g.Captures(text)
	if err != nil {
		t.Fatal(err)
	}
	if names == nil {
		return "-"
	}
	pairs := make([]string, len(names))
	for i := range names {
		pairs[i] = names[i] + "=" + values[i]
	}
	return strings.Join(pairs, " ")
}

// TestLibraryCompiles compiles every pattern, which names the one that is broken.
func TestLibraryCompiles(t *testing.T) {
	for _, l := range []*Library{NewLibrary(), NewECSLibrary()} {
		if len(l.Names()) < 90 {
			t.Errorf("only %d patterns", len(l.Names()))
		}
		for _, name := range l.Names() {
			if _, err := l.Compile("%{"+name+"}", GrokOptions{KeepUnnamed: true}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, name := range NewLibrary().Names() {
		if _, ok := NewECSLibrary().Definition(name); !ok {
			t.Errorf("%s has no form with common schema names", name)
		}
	}
}

// TestLibraryMeaning matches whole texts against single patterns.
func TestLibraryMeaning(t *testing.T) {
	for name, c := range map[string]struct{ yes, no []string }{
		"INT":               {[]string{"0", "-12", "+7"}, []string{"", "1.5", "a"}},
		"NUMBER":            {[]string{"1", "-1.5", ".5", "+10"}, []string{"1.", "--1", "1e5", "abc"}},
		"BASE16NUM":         {[]string{"0xBEEF", "12ab"}, []string{"xyz"}},
		"BASE16FLOAT":       {[]string{"0x1.8", "ff"}, []string{"g"}},
		"POSINT":            {[]string{"1", "10"}, []string{"0", "01", "-1"}},
		"WORD":              {[]string{"a_1"}, []string{"a-b", ""}},
		"NOTSPACE":          {[]string{"a-b/c"}, []string{"a b"}},
		"DATA":              {[]string{"", "a b\nc"}, nil},
		"QUOTEDSTRING":      {[]string{`"a \" b"`, `""`, `'it'`, "`x`"}, []string{`"a`, `a"`, `"a" "b"`}},
		"UUID":              {[]string{"123e4567-e89b-12d3-a456-426614174000"}, []string{"123e4567"}},
		"URN":               {[]string{"urn:isbn:0451450523"}, []string{"urn:x"}},
		"MAC":               {[]string{"00:1B:44:11:3A:B7", "00-1B-44-11-3A-B7", "001B.4411.3AB7"}, []string{"00:1B"}},
		"IPV4":              {[]string{"1.2.3.4", "255.255.255.255", "010.0.0.1"}, []string{"256.1.1.1", "1.2.3", "1.2.3.4.5"}},
		"IPV6":              {[]string{"::1", "::", "2001:db8::ff00:42:8329", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1", "fe80::1%eth0", "1::"}, []string{"1.2.3.4", "1:2", "12345::", ":::"}},
		"IP":                {[]string{"10.0.0.1", "2001:db8::1"}, []string{"host"}},
		"HOSTNAME":          {[]string{"a.example.com", "localhost", "x-1.y."}, []string{"-a", "a_b"}},
		"IPORHOST":          {[]string{"10.0.0.1", "web-1.example.com"}, nil},
		"HOSTPORT":          {[]string{"web:80", "10.0.0.1:443"}, []string{"web"}},
		"EMAILADDRESS":      {[]string{"a.b+c@example.com"}, []string{"@example.com", "a@"}},
		"UNIXPATH":          {[]string{"/", "/var/log/x-1.log", "/données"}, []string{"var"}},
		"WINPATH":           {[]string{`C:\logs\a.log`, `\\host\share`}, []string{`C:`}},
		"TTY":               {[]string{"/dev/pts/1", "/dev/ttyS0"}, []string{"/dev/null"}},
		"URI":               {[]string{"https://user:pw@example.com:8443/a/b?x=1&y=2", "ftp://10.0.0.1"}, []string{"example.com"}},
		"MONTH":             {[]string{"Jan", "december", "März", "Okt"}, []string{"Janx", "13"}},
		"MONTHDAY":          {[]string{"1", "01", "31"}, []string{"0", "32"}},
		"YEAR":              {[]string{"99", "2026"}, []string{"9", "202"}},
		"TIME":              {[]string{"23:59:60", "1:02:03.456"}, []string{"24:00:00", "12:34"}},
		"DATE":              {[]string{"12/25/2026", "25.12.2026", "25-12-26"}, []string{"2026"}},
		"TIMESTAMP_ISO8601": {[]string{"2026-12-25T14:32:18.456Z", "2026-12-25 14:32:18", "2026-12-25T14:32", "2026-12-25 14:32:18,456+0100", "2026-12-25T14:32:18-08:00"}, []string{"2026-12-25", "2026-13-25T14:32"}},
		"HTTPDATE":          {[]string{"17/May/2015:10:05:03 +0000"}, []string{"17/May/2015"}},
		"DATESTAMP_RFC2822": {[]string{"Fri, 25 Dec 2026 14:32:18 +0100"}, nil},
		"SYSLOGTIMESTAMP":   {[]string{"Dec 25 14:32:18", "Dec  5 14:32:18"}, []string{"25 Dec"}},
		"LOGLEVEL":          {[]string{"INFO", "info", "Warning", "warn", "ERROR", "Err", "CRITICAL", "Fatal", "EMERG", "TRACE"}, []string{"iNFO", "loud"}},
		"JAVACLASS":         {[]string{"org.example.Main$Inner"}, []string{"1.2"}},
	} {
		g := grokFor(t, `\A%{`+name+`}\z`)
		for _, text := range c.yes {
			if captured(t, g, text) == "-" {
				t.Errorf("%%{%s} does not match %q", name, text)
			}
		}
		for _, text := range c.no {
			if captured(t, g, text) != "-" {
				t.Errorf("%%{%s} matches %q", name, text)
			}
		}
	}
}

const apacheLine = `83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /presentations/kibana-search.png HTTP/1.1" 200 203023 "http://example.com/" "Mozilla/5.0 (Macintosh)"`

func TestGrok(t *testing.T) {
	for _, c := range []struct{ source, text, want string }{
		{`%{WORD:verb} %{NUMBER:n:int}`, "GET 12", "verb=GET n=12"},
		{`%{WORD} %{NUMBER:[http][code]}`, "GET 200", "[http][code]=200"},
		{`(?<id>[A-F0-9]{4,})/%{DATA:rest}$`, "x BEEF/abc", "id=BEEF rest=abc"},
		{`%{NUMBER:a}|%{WORD:a}`, "x", "a=x"},
		{`%{DATA:a}-%{GREEDYDATA:b}`, "1\n2-3\n4", "a=1\n2 b=3\n4"},
		{`%{LETTERS=[a-z]{2,3}} %{LETTERS:x=[a-z]+}`, "abc def", "x=def"},
		{`100%{ %{WORD:w}`, "100%{ a", "w=a"},
		{`(a)(b) %{WORD:w}`, "ab c", "w=c"},
		{`%{IPORHOST:host}:%{POSINT:port}`, "10.0.0.1:80", "host=10.0.0.1 port=80"},
		{`%{SYSLOGLINE}`, "Dec 25 14:32:18 web sshd[42]: hello", "timestamp=Dec 25 14:32:18 logsource=web program=sshd pid=42 message=hello"},
		{`%{SYSLOG5424LINE}`, "<165>1 2026-12-25T14:32:18Z web app 7 ID1 - up", "syslog5424_pri=165 syslog5424_ver=1 syslog5424_ts=2026-12-25T14:32:18Z syslog5424_host=web syslog5424_app=app syslog5424_proc=7 syslog5424_msgid=ID1 syslog5424_msg=up"},
		{`%{REDISMONLOG}`, `1339518083.107412 [0 127.0.0.1:60866] "keys" "*"`, `timestamp=1339518083.107412 database=0 client=127.0.0.1 port=60866 command=keys params="*"`},
		{`%{RUBY_LOGGER}`, `I, [2026-12-25T14:32:18.456789 #4242]  INFO -- worker: done`, `timestamp=2026-12-25T14:32:18.456789 pid=4242 loglevel=INFO progname=worker message=done`},
		{`%{MONGO3_LOG}`, `2026-12-25T14:32:18.456+0000 I NETWORK  [conn7] end connection`, `timestamp=2026-12-25T14:32:18.456+0000 severity=I component=NETWORK context=conn7 message=end connection`},
		{`%{SQUID3}`, `1286536309.450    74 10.0.0.9 TCP_MISS/200 1921 GET http://example.com/a - DIRECT/192.0.2.7 text/html`,
			`timestamp=1286536309.450 duration=74 client_address=10.0.0.9 cache_result=TCP_MISS status_code=200 bytes=1921 request_method=GET url=http://example.com/a user=- hierarchy_code=DIRECT server=192.0.2.7 content_type=text/html`},
		{`%{HAPROXYHTTPBASE}`, `10.0.0.5:33317 [06/Feb/2026:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"`,
			`client_ip=10.0.0.5 client_port=33317 accept_date=06/Feb/2026:12:14:14.655 haproxy_monthday=06 haproxy_month=Feb haproxy_year=2026 haproxy_time=12:14:14 ` +
				`haproxy_hour=12 haproxy_minute=14 haproxy_second=14 haproxy_milliseconds=655 frontend_name=http-in backend_name=static server_name=srv1 ` +
				`time_request=10 time_queue=0 time_backend_connect=30 time_backend_response=69 time_duration=109 http_status_code=200 bytes_read=2750 ` +
				`captured_request_cookie=- captured_response_cookie=- termination_state=---- actconn=1 feconn=1 beconn=1 srvconn=1 retries=0 srv_queue=0 backend_queue=0 ` +
				`captured_request_headers=1wt.eu captured_response_headers= http_verb=GET http_request=/index.html http_version=1.1`},
		{`%{ELB_ACCESS_LOG}`, `2026-05-13T23:39:43.945958Z my-lb 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/a?b=1 HTTP/1.1"`,
			`timestamp=2026-05-13T23:39:43.945958Z elb=my-lb clientip=192.168.131.39 clientport=2817 backendip=10.0.0.1 backendport=80 request_processing_time=0.000073 ` +
				`backend_processing_time=0.001048 response_processing_time=0.000057 response=200 backend_response=200 received_bytes=0 bytes=29 verb=GET ` +
				`request=http://www.example.com:80/a?b=1 proto=http urihost=www.example.com:80 port=80 path=/a params=?b=1 httpversion=1.1`},
		{`%{BIND9}`, `17-Feb-2026 23:06:56.326 queries: info: client 172.26.0.1#12345 (test.example.com): query: test.example.com IN A +E(0)K (172.26.0.3)`,
			`timestamp=17-Feb-2026 23:06:56.326 loglevel=info clientip=172.26.0.1 clientport=12345 query=test.example.com query=test.example.com querytype=A +E(0)K dns=172.26.0.3`},
		{`%{S3_ACCESS_LOG}`, `79a5 mybucket [06/Feb/2026:00:00:38 +0000] 192.0.2.3 79a5 3E57427F REST.GET.OBJECT photos/a.jpg "GET /mybucket/photos/a.jpg HTTP/1.1" 200 - 113 512 7 - "-" "S3Console/0.4" -`,
			`owner=79a5 bucket=mybucket timestamp=06/Feb/2026:00:00:38 +0000 clientip=192.0.2.3 requester=79a5 request_id=3E57427F operation=REST.GET.OBJECT key=photos/a.jpg ` +
				`verb=GET request=/mybucket/photos/a.jpg httpversion=1.1 response=200 bytes=113 object_size=512 request_time_ms=7 referrer="-" agent="S3Console/0.4"`},
		{`%{COMMONAPACHELOG}`, `10.0.0.1 - - [17/May/2015:10:05:03 +0000] "-" 408 -`, `clientip=10.0.0.1 ident=- auth=- timestamp=17/May/2015:10:05:03 +0000 rawrequest=- response=408`},
		{`%{HTTPD_ERRORLOG}`, `[Fri Dec 25 14:32:18.456 2026] [core:error] [pid 7:tid 8] [client 10.0.0.1:5000] AH00037: denied`,
			`timestamp=Fri Dec 25 14:32:18.456 2026 module=core loglevel=error pid=7 tid=8 clientip=10.0.0.1 clientport=5000 errorcode=AH00037 message=denied`},
		{`%{JAVASTACKTRACEPART}`, "\tat org.example.Main.<init>(Main.java:12)", `class=org.example.Main method=<init> file=Main.java line=12`},
		{`%{CATALINALOG}`, "Jan 9, 2014 7:13:13 AM org.apache.Main run: up", "timestamp=Jan 9, 2014 7:13:13 AM class=org.apache.Main logmessage=run: up"},
		{`%{CRONLOG}`, "Dec 25 14:32:18 web CRON[42]: (root) CMD (run-parts)", "timestamp=Dec 25 14:32:18 logsource=web program=CRON pid=42 user=root action=CMD message=run-parts"},
		{`%{COMBINEDAPACHELOG}`, apacheLine, `clientip=83.149.9.216 ident=- auth=- timestamp=17/May/2015:10:05:03 +0000 verb=GET ` +
			`request=/presentations/kibana-search.png httpversion=1.1 response=200 bytes=203023 referrer="http://example.com/" agent="Mozilla/5.0 (Macintosh)"`},
		{`%{COMBINEDAPACHELOG}`, strings.TrimSuffix(apacheLine, `"`), "-"},
	} {
		if got := captured(t, grokFor(t, c.source), c.text); got != c.want {
			t.Errorf("%s in %q:\ngot  %s\nwant %s", c.source, c.text, got, c.want)
		}
	}
}

func TestGrokFields(t *testing.T) {
	g, err := NewLibrary().Compile(`%{NUMBER:n:int} %{WORD} %{NUMBER:f:float}`, GrokOptions{KeepUnnamed: true})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Conversion{"n": AsInt, "WORD": AsText, "f": AsFloat, "BASE10NUM": AsText}
	for _, f := range g.Fields() {
		if conversion, ok := want[f.Name]; !ok || conversion != f.Conversion {
			t.Errorf("field %s has conversion %d", f.Name, f.Conversion)
		}
	}
}

func TestGrokRefuses(t *testing.T) {
	l := NewLibrary()
	l.AddFile("A %{B}\nB x%{A}\nBAD a(b\n")
	if err := l.Add("HUGE", strings.Repeat("x", maxSourceBytes)); err != nil {
		t.Fatal(err)
	}
	for source, want := range map[string]string{
		"%{NOPE:x}": "%{NOPE} is not defined", "%{LOGLEVL}": `did you mean %{LOGLEVEL}`, "%{A}": "refers to itself", "%{WORD:x} (": "at byte 10: ( is not closed", "%{WORD:x} [%{LOGLEVEL}": "at byte 10: [ is not closed",
		"é %{BAD:x} y": "in %{BAD:x}, at byte 3: ( is not closed", "(?<n>a)%{WORD}\\1": `at byte 14: a numbered back-reference cannot be used beside named groups; give the group a name and write \k<name>`, "%{HUGE}%{HUGE}": "expand to more",
	} {
		if _, err := l.Compile(source, GrokOptions{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30s: got %v, want an error with %q", source, err, want)
		}
	}
	if err := l.Add("A-B", "x"); err == nil || !strings.Contains(err.Error(), "letters, digits and _") {
		t.Errorf("a name with a hyphen: %v", err)
	}
}

func TestGrokTimeout(t *testing.T) {
	g, err := NewLibrary().Compile(`^(?<a>\w|\w\w)+\k<a>;`, GrokOptions{Timeout: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Match(nil, strings.Repeat("a", 60)+"!;;"); !errors.Is(err, ErrTimeout) {
		t.Errorf("got %v, want ErrTimeout", err)
	}
}

// testdataDir is the folder of the shared test data; its tests are left out where it is not given.
func testdataDir(t testing.TB) string {
	dir := os.Getenv("ELKHORN_TESTDATA")
	if dir == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	return dir
}

func TestGrokDocumentedLines(t *testing.T) {
	dir := filepath.Join(testdataDir(t), "seed-configs", "chatgpt")
	l := NewLibrary()
	patterns, err := os.ReadFile(filepath.Join(dir, "logstash", "patterns", "chatgpt-patterns.txt"))
	if err != nil {
		t.Fatal(err)
	}
	l.AddFile(string(patterns))
	text, err := os.ReadFile(filepath.Join(dir, "grok-expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Line                 string            `json:"line"`
		First                string            `json:"first_matching_pattern"`
		Captures             map[string]string `json:"captures"`
		PipelineGrokCaptures map[string]string `json:"pipeline_grok_captures"`
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	check := func(line, source string, want map[string]string) bool {
		g, err := l.Compile(source, GrokOptions{})
		if err != nil {
			t.Fatal(err)
		}
		names, values, err := g.Captures(line)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for i, name := range names {
			if values[i] != "" {
				got[name] = values[i]
			}
		}
		if names == nil {
			return false
		}
		for name := range want {
			if got[name] != want[name] {
				t.Errorf("%s: %s: %s is %q, want %q", source, line, name, got[name], want[name])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %s: got %v, want %v", source, line, got, want)
		}
		return true
	}
	for _, c := range cases {
		for _, name := range []string{"MCP_LOG", "WIDGET_LOG", "AUTH_LOG", "ERROR_LOG", "METRIC_LOG"} {
			if name == c.First {
				if !check(c.Line, "%{"+name+"}", c.Captures) {
					t.Errorf("%s does not match %s", name, c.Line)
				}
				break
			}
			if check(c.Line, "%{"+name+"}", nil) {
				t.Errorf("%s matches %s before %s", name, c.Line, c.First)
			}
		}
		const pipeline = `%{TIMESTAMP_ISO8601:log_timestamp} %{LOGLEVEL:log_level} \[%{DATA:service_name}\] %{GREEDYDATA:log_message}`
		if matched := check(c.Line, pipeline, c.PipelineGrokCaptures); matched != (c.PipelineGrokCaptures != nil) {
			t.Errorf("the pipeline's grok on %s: matched is %v", c.Line, matched)
		}
	}
}

func TestGrokApacheLog(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(testdataDir(t), "data", "elastic-examples", "apache_access.log"))
	if err != nil {
		t.Fatal(err)
	}
	g := grokFor(t, "%{COMBINEDAPACHELOG}")
	var misses []int
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i, line := range lines {
		bounds, err := g.Match(nil, line)
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		if bounds == nil {
			misses = append(misses, i+1)
		}
	}
	if len(lines) != 10_000 || len(misses) != 1 || misses[0] != 8899 {
		t.Errorf("%d lines, no match in %v; want 10000 and [8899]", len(lines), misses)
	}
}

func FuzzGrok(f *testing.F) {
	f.Add("%{WORD:a} %{X=[a-z]{2}} %{NUMBER:[n][m]:int}", "A %{B}\n# c\nB x", "get ab 12")
	f.Add("%{COMBINEDAPACHELOG}", "", apacheLine)
	f.Fuzz(func(t *testing.T, source, file, text string) {
		if len(source)+len(file)+len(text) > 1000 {
			return
		}
		l := NewLibrary()
		l.AddFile(file)
		g, err := l.Compile(source, GrokOptions{Timeout: 20 * time.Millisecond})
		if err != nil {
			return
		}
		if names, values, err := g.Captures(text); err == nil && len(names) != len(values) {
			t.Errorf("%d names, %d values", len(names), len(values))
		}
	})
}

func BenchmarkGrok(b *testing.B) {
	const tool = `%{TIMESTAMP_ISO8601:timestamp} %{LOGLEVEL:level} \[%{DATA:service}\] Tool call: %{DATA:tool} user=%{DATA:user_id} duration=%{NUMBER:duration_ms}ms`
	const toolLine = "2026-12-25T14:32:18.456Z INFO [restaurant-booking] Tool call: create_reservation user=user_123 duration=234ms"
	for _, c := range []struct{ name, source, line string }{
		{"tool", tool, toolLine},
		{"tool/miss", tool, apacheLine},
		{"apache", "%{COMBINEDAPACHELOG}", apacheLine},
		{"apache/miss", "%{COMBINEDAPACHELOG}", toolLine},
		{"apache/unclosed", "%{COMBINEDAPACHELOG}", strings.TrimSuffix(apacheLine, `"`)},
		{"syslog", "%{SYSLOGLINE}", "May 11 10:40:48 scrooge disk-health-nurse[26783]: [ERROR] m:SY-mon-full-500 c:H : partition health measures for /var did not suffice"},
		{"syslog/miss", "%{SYSLOGLINE}", "METRIC tool_call_duration_ms=234 service=restaurant-booking tool=create_reservation percentile=p95"},
		{"syslog/miss of a web server", "%{SYSLOGLINE}", apacheLine},
	} {
		g := grokFor(b, c.source)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.line)))
			bounds := make([]int, 0, 64)
			for b.Loop() {
				if _, err := g.Match(bounds[:0], c.line); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
