package module

import (
	"strings"
	"testing"

	"elkhorn/internal/event"
)

func TestWebLines(t *testing.T) {
	const agent = "curl/8.5.0"
	for _, test := range []struct{ name, module, fileset, line, want string }{
		{"combined", "nginx", "access", `192.0.2.7 - ann [17/May/2015:10:05:03 +0000] "GET /a/b.png?x=1&y=2 HTTP/1.1" 200 203 "http://r.example/" "` + agent + `"`,
			`{"@timestamp":"2015-05-17T10:05:03.000Z","message":"","event":{"category":["web"],"type":["access"],"outcome":"success"},"user":{"name":"ann"},"related":{"user":["ann"],"ip":["192.0.2.7"]},"http":{"request":{"method":"GET","referrer":"http://r.example/"},"version":"1.1","response":{"status_code":200,"body":{"bytes":203}}},"url":{"original":"/a/b.png?x=1&y=2","path":"/a/b.png","query":"x=1&y=2","extension":"png"},"user_agent":{"original":"curl/8.5.0","name":"curl","version":"8.5.0","device":{"name":"Other"}},"nginx":{"access":{"remote_ip_list":["192.0.2.7"]}},"source":{"address":"192.0.2.7","ip":"192.0.2.7"}}`},
		{"behind proxies", "nginx", "access", `shop.example:8080 "10.0.0.2, 2001:db8::9, 127.0.0.1" - - [17/May/2015:10:05:03 +0200] "-" 400 0 "-" "-"`,
			`{"@timestamp":"2015-05-17T08:05:03.000Z","message":"","event":{"category":["web"],"type":["access"],"outcome":"failure"},"http":{"response":{"status_code":400,"body":{"bytes":0}}},"destination":{"port":8080,"domain":"shop.example"},"nginx":{"access":{"remote_ip_list":["10.0.0.2","2001:db8::9","127.0.0.1"]}},"source":{"address":"2001:db8::9","ip":"2001:db8::9"},"related":{"ip":["2001:db8::9"]}}`},
		{"a handshake", "nginx", "access", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "\x16\x03\x01" 400 150 "-" "-"`,
			`{"@timestamp":"2015-05-17T10:05:03.000Z","message":"","event":{"category":["web"],"type":["access"],"outcome":"failure"},"http":{"response":{"status_code":400,"body":{"bytes":150}}},"nginx":{"access":{"remote_ip_list":["192.0.2.7"]}},"source":{"address":"192.0.2.7","ip":"192.0.2.7"},"related":{"ip":["192.0.2.7"]}}`},
		{"an error", "nginx", "error", "2026/03/01 10:00:00 [error] 54#7: *1 open() \"/x\" failed\n(2: No such file)",
			`{"@timestamp":"2026-03-01T09:00:00.000Z","message":"open() \"/x\" failed\n(2: No such file)","event":{"category":["web"],"type":["error"]},"log":{"level":"error"},"process":{"pid":54,"thread":{"id":7}},"nginx":{"error":{"connection_id":1}}}`},
		{"another format", "nginx", "access", `{"status":200}`, `{"@timestamp":"2026-03-02T11:00:00.000Z","message":"{\"status\":200}","error":{"message":"nginx.access: the line has another form"}}`},
		{"common", "apache", "access", `gw.example - - [17/May/2015:10:05:03 +0000] "POST /login HTTP/1.0" 302 -`,
			`{"@timestamp":"2015-05-17T10:05:03.000Z","message":"","event":{"category":["web"],"type":["access"],"outcome":"success"},"http":{"request":{"method":"post"},"version":"1.0","response":{"status_code":302}},"url":{"original":"/login","path":"/login"},"source":{"address":"gw.example","domain":"gw.example"}}`},
		{"a virtual host", "apache", "access", `shop.example:443 192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 404 9 "-" "-"`,
			`{"@timestamp":"2015-05-17T10:05:03.000Z","message":"","event":{"category":["web"],"type":["access"],"outcome":"failure"},"http":{"request":{"method":"get"},"version":"1.1","response":{"status_code":404,"body":{"bytes":9}}},"url":{"original":"/","path":"/"},"destination":{"port":443,"domain":"shop.example"},"source":{"address":"192.0.2.7","ip":"192.0.2.7"},"related":{"ip":["192.0.2.7"]}}`},
		{"an error of 2.2", "apache", "error", `[Sun Dec 04 04:47:44 2005] [error] [client 192.0.2.7] File does not exist: /var/www/favicon.ico, referer: http://r.example/`,
			`{"@timestamp":"2005-12-04T03:47:44.000Z","message":"File does not exist: /var/www/favicon.ico, referer: http://r.example/","event":{"category":["web"],"type":["error"]},"log":{"level":"error"},"source":{"address":"192.0.2.7","ip":"192.0.2.7"},"related":{"ip":["192.0.2.7"]},"file":{"path":"/var/www/favicon.ico"},"http":{"request":{"referrer":"http://r.example/"}}}`},
		{"a notice of 2.4", "apache", "error", `[Mon Dec 26 16:15:55.103522 2016] [core:notice] [pid 11379:tid 139] [client [2001:db8::7]:4711] AH00094: Command line: 'x'`,
			`{"@timestamp":"2016-12-26T15:15:55.103522Z","message":"AH00094: Command line: 'x'","event":{"category":["web"],"type":["info"]},"apache":{"error":{"module":"core"}},"log":{"level":"notice"},"process":{"pid":11379,"thread":{"id":139}},"source":{"port":4711,"address":"2001:db8::7","ip":"2001:db8::7"},"related":{"ip":["2001:db8::7"]}}`},
	} {
		t.Run(test.module+" "+test.fileset+" "+test.name, func(t *testing.T) {
			// What is read of a line of accesses is all of it, so its message stays the line.
			want := strings.Replace(test.want, `"message":""`, `"message":`+string(event.StringOf(test.line).AppendJSON(nil)), 1)
			if got := parsed(t, test.module, test.fileset, test.line); got != want {
				t.Errorf("%s\nis   %s\nwant %s", test.line, got, want)
			}
		})
	}
}
