package module

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/event"
)

// The files of a system's log daemon. Fields are those of Filebeat 8.19's module system (ECS 8); GeoIP is left to a pipeline.

var systemSyslog = Fileset{
	Module: "system",
	Name:   "syslog",
	Paths:  []string{"/var/log/messages*", "/var/log/syslog*"},
	Lines:  &Lines{Pattern: `^\s`},
	parse: func(p *parser, ev *event.Event, line string) {
		p.header(ev, line)
	},
}

var systemAuth = Fileset{
	Module: "system",
	Name:   "auth",
	Paths:  []string{"/var/log/auth.log*", "/var/log/secure*"},
	Lines:  &Lines{Pattern: `^\s`},
	parse: func(p *parser, ev *event.Event, line string) {
		process, rest, ok := p.header(ev, line)
		if !ok {
			p.unread(ev)
			return
		}
		authMessage(ev, rest)
		accountTool(ev, process, rest)
	},
}

var (
	hostnamePath     = pathOf("host.hostname")
	processNamePath  = pathOf("process.name")
	processIDPath    = pathOf("process.pid")
	relatedHostsPath = pathOf("related.hosts")
	relatedUsersPath = pathOf("related.user")
	relatedIPsPath   = pathOf("related.ip")
	userNamePath     = pathOf("user.name")
	userIDPath       = pathOf("user.id")
	effectivePath    = pathOf("user.effective.name")
	sourceAddress    = pathOf("source.address")
	sourceIPPath     = pathOf("source.ip")
	sourceDomainPath = pathOf("source.domain")
	categoryPath     = pathOf("event.category")
	typePath         = pathOf("event.type")
	actionPath       = pathOf("event.action")
	outcomePath      = pathOf("event.outcome")
	timezonePath     = pathOf("event.timezone")
)

// maxProcessBytes is the longest name of a process: what is longer before a colon is text.
const maxProcessBytes = 128

// header reads the time, host and process of a line, and leaves the rest in message. Lines of a time and nothing else known keep
// what follows the time.
func (p *parser) header(ev *event.Event, line string) (process, rest string, ok bool) {
	at, size := p.time(line)
	if size == 0 {
		return "", line, false
	}
	ev.SetTimestamp(at)
	ev.Set(timezonePath, event.StringOf(at.In(p.zone).Format("-07:00")))
	rest = strings.TrimLeft(line[size:], " ")
	host, tail, spaced := strings.Cut(rest, " ")
	name, text, named := strings.Cut(tail, ":")
	if strings.HasSuffix(host, ":") && spaced { // no host, as on some systems
		name, text, named, host = strings.TrimSuffix(host, ":"), tail, true, ""
	}
	name, pid := processOf(strings.TrimSpace(name))
	if !named || name == "" || len(name) > maxProcessBytes || strings.ContainsAny(host, ":\n") && !isIP(host) {
		ev.Set(messagePath, event.StringOf(rest))
		return "", rest, false
	}
	rest = strings.TrimLeft(text, " ")
	set(ev, hostnamePath, host)
	addOnce(ev, relatedHostsPath, host)
	set(ev, processNamePath, name)
	if pid > 0 {
		ev.Set(processIDPath, event.IntOf(pid))
	}
	ev.Set(messagePath, event.StringOf(rest))
	return name, rest, true
}

// processOf splits a number in brackets off a process's name.
func processOf(text string) (name string, pid int64) {
	name, number, ok := strings.Cut(text, "[")
	if !ok || !strings.HasSuffix(number, "]") {
		return text, 0
	}
	pid, err := strconv.ParseInt(number[:len(number)-1], 10, 64)
	if err != nil || pid < 1 {
		return text, 0
	}
	return name, pid
}

const (
	// syslogTime is the time of RFC 3164, of a fixed size.
	syslogTime = "Jan _2 15:04:05"
	// isoTime is that of RFC 3339 and of rsyslog's own format; a fraction may follow the seconds.
	isoTime = "2006-01-02T15:04:05Z07:00"
)

// time reads the time that a line begins with; size is 0 when there is none.
func (p *parser) time(line string) (at time.Time, size int) {
	if end := strings.IndexByte(line, ' '); end > 0 && line[0] >= '0' && line[0] <= '9' {
		for _, layout := range []string{isoTime, "2006-01-02T15:04:05"} {
			if at, err := time.ParseInLocation(layout, line[:end], p.zone); err == nil {
				return at, end
			}
		}
		return time.Time{}, 0
	}
	size = len(syslogTime)
	if len(line) > size && line[size] != ' ' {
		size-- // a day of one digit without the space before it
	}
	if len(line) < size {
		return time.Time{}, 0
	}
	now := p.now().In(p.zone)
	// The year is parsed with the day: February 29th is not of every year.
	for _, year := range []int{now.Year(), now.Year() - 1} {
		at, err := time.ParseInLocation("2006 "+syslogTime, strconv.Itoa(year)+" "+line[:size], p.zone)
		if err == nil && !at.After(now.Add(24*time.Hour)) {
			return at, size
		}
	}
	return time.Time{}, 0
}

// matcher is a form of message and the fields of its groups.
type matcher struct {
	re     *regexp.Regexp
	fields []matched
}

type matched struct {
	path   *event.Path
	number bool
}

// matcherOf compiles a form. A field whose name ends with :long is a number.
func matcherOf(pattern string, fields ...string) matcher {
	m := matcher{re: regexp.MustCompile(pattern)}
	for _, f := range fields {
		name, number := strings.CutSuffix(f, ":long")
		m.fields = append(m.fields, matched{pathOf(name), number})
	}
	return m
}

// authForms are what sshd, sudo, groupadd and useradd write; the first that fits counts. sshd names an unknown user "invalid user".
var authForms = []matcher{
	matcherOf(`^(\S+) (\S+) for (?:invalid user )?(.*?) from (\S+) port (\d+) ssh2(?:: (.*))?$`,
		"system.auth.ssh.event", "system.auth.ssh.method", "user.name", "source.address", "source.port:long", "system.auth.ssh.signature"),
	matcherOf(`^(\S+) user (.*?) from (\S+)(?: port (\d+))?`,
		"system.auth.ssh.event", "user.name", "source.address", "source.port:long"),
	matcherOf(`^Did not receive identification string from (\S+)`,
		"system.auth.ssh.dropped_ip"),
	matcherOf(`^\s*(.*?) :(?: (.*?) ;)? TTY=(.*?) ; PWD=(.*?) ; USER=(.*?) ;(?: GROUP=.*? ;)? COMMAND=(.*)$`,
		"user.name", "system.auth.sudo.error", "system.auth.sudo.tty", "system.auth.sudo.pwd", "system.auth.sudo.user", "system.auth.sudo.command"),
	matcherOf(`^new group: name=(.*?), GID=(\d+)`,
		"group.name", "group.id"),
	matcherOf(`^new user: name=(.*?), UID=(\d+), GID=(\d+), home=(.*?), shell=(.*?)(?:, from=.*)?$`,
		"user.name", "user.id", "group.id", "system.auth.useradd.home", "system.auth.useradd.shell"),
}

var (
	sshEventPath  = pathOf("system.auth.ssh.event")
	droppedIPPath = pathOf("system.auth.ssh.dropped_ip")
	sudoUserPath  = pathOf("system.auth.sudo.user")
	sudoErrorPath = pathOf("system.auth.sudo.error")
)

// pamUsers are the users of messages of PAM: for whom, by whom, and that one's number.
var pamUsers = regexp.MustCompile(`\bfor user ['"]?([^'"\s(]+)['"]?(?:\(uid=\d+\))?(?: by ['"]?([^'"\s(]*)['"]?(?:\(uid=(\d+)\))?)?\s*$`)

func authMessage(ev *event.Event, text string) {
	matched := false
	for i := range authForms {
		if matched = authForms[i].take(ev, text); matched {
			break
		}
	}
	if !matched {
		if users := pamUsers.FindStringSubmatch(text); users != nil {
			pamMessage(ev, users[1], users[2], users[3])
		}
	}
	if user, ok := ev.Get(sudoUserPath); ok {
		ev.Set(effectivePath, user)
		outcome := "success"
		if _, failed := ev.Get(sudoErrorPath); failed {
			outcome = "failure"
		}
		ev.Set(outcomePath, event.StringOf(outcome))
	}
	source(ev)
	sshOutcome(ev)
	for _, path := range []*event.Path{userNamePath, effectivePath} {
		if user, ok := ev.Get(path); ok {
			addOnce(ev, relatedUsersPath, user.Text())
		}
	}
}

func (m *matcher) take(ev *event.Event, text string) bool {
	found := m.re.FindStringSubmatch(text)
	if found == nil {
		return false
	}
	for i, field := range m.fields {
		value := found[i+1]
		if field.number {
			setNumber(ev, field.path, value)
		} else {
			set(ev, field.path, value)
		}
	}
	return true
}

// pamMessage: who acts is the user, and for whom is the effective one.
func pamMessage(ev *event.Event, whom, by, id string) {
	if by == "" {
		set(ev, userNamePath, whom)
		set(ev, userIDPath, id)
		return
	}
	set(ev, userNamePath, by)
	set(ev, userIDPath, id)
	set(ev, effectivePath, whom)
}

// source makes an address what it is: an IP address, or a name.
func source(ev *event.Event) {
	path := sourceAddress
	if _, dropped := ev.Get(droppedIPPath); dropped {
		path = droppedIPPath
	}
	address, ok := ev.Get(path)
	if !ok {
		return
	}
	switch text := address.Text(); {
	case isIP(text):
		ev.Set(sourceIPPath, event.StringOf(text))
		addOnce(ev, relatedIPsPath, text)
	case path == droppedIPPath:
		ev.Remove(droppedIPPath)
	default:
		ev.Set(sourceDomainPath, event.StringOf(text))
	}
}

func isIP(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

func sshOutcome(ev *event.Event) {
	what, ok := ev.Get(sshEventPath)
	if !ok {
		return
	}
	switch what.Text() {
	case "Accepted":
		setList(ev, categoryPath, "authentication", "session")
		ev.Set(outcomePath, event.StringOf("success"))
	case "Failed", "Invalid":
		setList(ev, categoryPath, "authentication")
		ev.Set(outcomePath, event.StringOf("failure"))
	default:
		return
	}
	setList(ev, typePath, "info")
	ev.Set(actionPath, event.StringOf("ssh_login"))
}

// accountTools are programs that change users and groups, with what their events are of.
var accountTools = map[string][2]string{
	"groupadd": {"group", "creation"}, "groupdel": {"group", "deletion"}, "groupmod": {"group", "change"},
	"useradd": {"user", "creation"}, "userdel": {"user", "deletion"}, "usermod": {"user", "change"},
}

func accountTool(ev *event.Event, process, text string) {
	of, ok := accountTools[process]
	if !ok {
		return
	}
	setList(ev, categoryPath, "iam")
	setList(ev, typePath, of[0], of[1])
	outcome := "success"
	if strings.Contains(text, "fail") {
		outcome = "failure"
	}
	ev.Set(outcomePath, event.StringOf(outcome))
}
