package module

import (
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
)

// parsed is an event of a line as JSON, without what all events of the fileset have.
func parsed(t *testing.T, module, fileset, line string) string {
	t.Helper()
	zone := time.FixedZone("", 3600)
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, zone)
	ev := event.New(now)
	ev.Set(messagePath, event.StringOf(line))
	p := Find(module, fileset).Processor(zone, func() time.Time { return now })
	if !p.Process(ev) {
		t.Fatal("dropped")
	}
	for _, path := range []string{"[event][module]", "[event][dataset]", "[event][kind]", "[event][timezone]", "[fileset]", "[service]"} {
		if _, ok := ev.Remove(event.MustPath(path)); !ok && !strings.Contains(path, "timezone") {
			t.Errorf("%s is not there", path)
		}
	}
	if v, ok := ev.Get(event.MustPath("[event]")); ok && v.Len() == 0 {
		ev.Remove(event.MustPath("[event]"))
	}
	return string(ev.AppendJSON(nil))
}

func TestSystemLines(t *testing.T) {
	for _, test := range []struct{ name, fileset, line, want string }{
		{"a login with a key", "auth", "Feb 21 21:54:44 web1 sshd[3402]: Accepted publickey for deploy from 10.0.2.2 port 63673 ssh2: RSA SHA256:abc",
			`{"@timestamp":"2026-02-21T20:54:44.000Z","message":"Accepted publickey for deploy from 10.0.2.2 port 63673 ssh2: RSA SHA256:abc","event":{"category":["authentication","session"],"outcome":"success","type":["info"],"action":"ssh_login"},"host":{"hostname":"web1"},"related":{"hosts":["web1"],"ip":["10.0.2.2"],"user":["deploy"]},"process":{"name":"sshd","pid":3402},"system":{"auth":{"ssh":{"event":"Accepted","method":"publickey","signature":"RSA SHA256:abc"}}},"user":{"name":"deploy"},"source":{"address":"10.0.2.2","port":63673,"ip":"10.0.2.2"}}`},
		{"a wrong password of nobody", "auth", "Feb  1 08:35:22 web1 sshd[5774]: Failed password for invalid user admin from 2001:db8::7 port 29160 ssh2",
			`{"@timestamp":"2026-02-01T07:35:22.000Z","message":"Failed password for invalid user admin from 2001:db8::7 port 29160 ssh2","event":{"category":["authentication"],"outcome":"failure","type":["info"],"action":"ssh_login"},"host":{"hostname":"web1"},"related":{"hosts":["web1"],"ip":["2001:db8::7"],"user":["admin"]},"process":{"name":"sshd","pid":5774},"system":{"auth":{"ssh":{"event":"Failed","method":"password"}}},"user":{"name":"admin"},"source":{"address":"2001:db8::7","port":29160,"ip":"2001:db8::7"}}`},
		{"an unknown user, from a name", "auth", "2026-02-21T21:56:12.250+00:00 web1 sshd[3430]: Invalid user test from gw.example port 4711",
			`{"@timestamp":"2026-02-21T21:56:12.250Z","message":"Invalid user test from gw.example port 4711","event":{"category":["authentication"],"outcome":"failure","type":["info"],"action":"ssh_login"},"host":{"hostname":"web1"},"related":{"hosts":["web1"],"user":["test"]},"process":{"name":"sshd","pid":3430},"system":{"auth":{"ssh":{"event":"Invalid"}}},"user":{"name":"test"},"source":{"address":"gw.example","port":4711,"domain":"gw.example"}}`},
		{"a scan", "auth", "Feb 19 15:30:04 web1 sshd[18406]: Did not receive identification string from 192.0.2.163",
			`{"@timestamp":"2026-02-19T14:30:04.000Z","message":"Did not receive identification string from 192.0.2.163","host":{"hostname":"web1"},"related":{"hosts":["web1"],"ip":["192.0.2.163"]},"process":{"name":"sshd","pid":18406},"system":{"auth":{"ssh":{"dropped_ip":"192.0.2.163"}}},"source":{"ip":"192.0.2.163"}}`},
		{"sudo", "auth", "Feb 21 23:35:33 web1 sudo:   deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/bin/ls -l ; id",
			`{"@timestamp":"2026-02-21T22:35:33.000Z","message":"deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/bin/ls -l ; id","event":{"outcome":"success"},"host":{"hostname":"web1"},"related":{"hosts":["web1"],"user":["deploy","root"]},"process":{"name":"sudo"},"user":{"name":"deploy","effective":{"name":"root"}},"system":{"auth":{"sudo":{"tty":"pts/0","pwd":"/home/deploy","user":"root","command":"/bin/ls -l ; id"}}}}`},
		{"sudo refused", "auth", "Feb 24 00:13:02 web1 sudo:      eve : user NOT in sudoers ; TTY=pts/1 ; PWD=/tmp ; USER=root ; COMMAND=/bin/sh",
			`{"@timestamp":"2026-02-23T23:13:02.000Z","message":"eve : user NOT in sudoers ; TTY=pts/1 ; PWD=/tmp ; USER=root ; COMMAND=/bin/sh","event":{"outcome":"failure"},"host":{"hostname":"web1"},"related":{"hosts":["web1"],"user":["eve","root"]},"process":{"name":"sudo"},"user":{"name":"eve","effective":{"name":"root"}},"system":{"auth":{"sudo":{"error":"user NOT in sudoers","tty":"pts/1","pwd":"/tmp","user":"root","command":"/bin/sh"}}}}`},
		{"a new group", "auth", "Feb 22 11:47:05 web1 groupadd[6991]: new group: name=apache, GID=48",
			`{"@timestamp":"2026-02-22T10:47:05.000Z","message":"new group: name=apache, GID=48","event":{"category":["iam"],"type":["group","creation"],"outcome":"success"},"host":{"hostname":"web1"},"related":{"hosts":["web1"]},"process":{"name":"groupadd","pid":6991},"group":{"name":"apache","id":"48"}}`},
		{"a new user", "auth", "Feb 22 11:47:05 web1 useradd[6995]: new user: name=apache, UID=48, GID=48, home=/usr/share/httpd, shell=/sbin/nologin, from=none",
			`{"@timestamp":"2026-02-22T10:47:05.000Z","message":"new user: name=apache, UID=48, GID=48, home=/usr/share/httpd, shell=/sbin/nologin, from=none","event":{"category":["iam"],"type":["user","creation"],"outcome":"success"},"host":{"hostname":"web1"},"related":{"hosts":["web1"],"user":["apache"]},"process":{"name":"useradd","pid":6995},"user":{"name":"apache","id":"48"},"group":{"id":"48"},"system":{"auth":{"useradd":{"home":"/usr/share/httpd","shell":"/sbin/nologin"}}}}`},
		{"a session of PAM", "auth", "Feb 23 09:17:01 web1 CRON[812]: pam_unix(cron:session): session opened for user root(uid=0) by deploy(uid=1000)",
			`{"@timestamp":"2026-02-23T08:17:01.000Z","message":"pam_unix(cron:session): session opened for user root(uid=0) by deploy(uid=1000)","host":{"hostname":"web1"},"related":{"hosts":["web1"],"user":["deploy","root"]},"process":{"name":"CRON","pid":812},"user":{"name":"deploy","id":"1000","effective":{"name":"root"}}}`},
		{"last year's", "syslog", "Dec 31 23:59:59 web1 kernel: [    0.1] booting",
			`{"@timestamp":"2025-12-31T22:59:59.000Z","message":"[    0.1] booting","host":{"hostname":"web1"},"related":{"hosts":["web1"]},"process":{"name":"kernel"}}`},
		{"lines joined", "syslog", "Mar  2 10:00:00 web1 app[7]: first\n  second",
			`{"@timestamp":"2026-03-02T09:00:00.000Z","message":"first\n  second","host":{"hostname":"web1"},"related":{"hosts":["web1"]},"process":{"name":"app","pid":7}}`},
		{"no process", "syslog", "Mar  2 10:00:00 --- last message repeated 1 time ---",
			`{"@timestamp":"2026-03-02T09:00:00.000Z","message":"--- last message repeated 1 time ---"}`},
		{"no time", "syslog", "hello", `{"@timestamp":"2026-03-02T11:00:00.000Z","message":"hello"}`},
		{"nothing of a login", "auth", "Febr 99", `{"@timestamp":"2026-03-02T11:00:00.000Z","message":"Febr 99","error":{"message":"system.auth: the line has another form"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := parsed(t, "system", test.fileset, test.line); got != test.want {
				t.Errorf("%s\nis   %s\nwant %s", test.line, got, test.want)
			}
		})
	}
}

// TestLeapDay: a day that only some years have is of the last of those that can be.
func TestLeapDay(t *testing.T) {
	p := &parser{zone: time.UTC, now: func() time.Time { return time.Date(2025, 1, 5, 0, 0, 0, 0, time.UTC) }}
	if at, size := p.time("Feb 29 10:00:00 web1 a: b"); size != 15 || !at.Equal(time.Date(2024, 2, 29, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("%v, %d", at, size)
	}
	if _, size := p.time("Feb 30 10:00:00 web1 a: b"); size != 0 {
		t.Errorf("February 30th is read")
	}
}

// FuzzFilesets: no line ends the program, and none is lost.
func FuzzFilesets(f *testing.F) {
	for _, line := range []string{
		"", " ", "Feb 21 21:54:44 h sshd[1]: Accepted a for b from ::1 port 99999999999999999999 ssh2", "Feb 2 1:1:1", "2026-02-21T21:56:12Z", "Jan 10 10:00:00 a[: :", "Jan 10 10:00:00 :", "Jan 10 10:00:00  : ",
		`a b - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "" ""`, `"" - - [] "" 200 -`, "[Mon Dec 26 16:15:55.1 2016] [:x] [pid 1] [client ] ", "2026/03/01 10:00:00 [e] 1#1: ",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, fileset := range filesets {
			ev := event.New(time.Unix(0, 0))
			ev.Set(messagePath, event.StringOf(line))
			fileset.Processor(time.UTC, time.Now).Process(ev)
			if _, ok := ev.Get(messagePath); !ok {
				t.Fatalf("the message of %q is gone", line)
			}
		}
	})
}
