package module

import (
	"regexp"
	"strings"

	"elkhorn/internal/event"
)

// The logs of the Apache HTTP server in the common and combined formats, with a virtual host before them or not, and its
// errors. Fields are those of Filebeat 8.19's module apache (ECS 8).

var apacheAccess = Fileset{
	Module: "apache",
	Name:   "access",
	Paths:  []string{"/var/log/apache2/access.log*", "/var/log/apache2/other_vhosts_access.log*", "/var/log/httpd/access_log*"},
	parse: func(p *parser, ev *event.Event, line string) {
		addresses, ok := p.access(ev, line)
		if !ok {
			return
		}
		if method, ok := ev.Get(methodPath); ok {
			ev.Set(methodPath, event.StringOf(strings.ToLower(method.Str())))
		}
		client(ev, destinationOf(ev, addresses))
	},
}

var apacheError = Fileset{
	Module: "apache",
	Name:   "error",
	Paths:  []string{"/var/log/apache2/error.log*", "/var/log/httpd/error_log*"},
	parse: func(p *parser, ev *event.Event, line string) {
		found := apacheErrorLine.FindStringSubmatch(line)
		if found == nil || !p.localTime(ev, "Mon Jan 2 15:04:05.999999 2006", found[1]) {
			p.unread(ev)
			return
		}
		level := found[3] + found[6]
		set(ev, apacheModulePath, found[2])
		ev.Set(levelPath, event.StringOf(level))
		setNumber(ev, processIDPath, found[4])
		setNumber(ev, threadPath, found[5])
		if found[7] != "" {
			client(ev, found[7])
		}
		ev.Set(messagePath, event.StringOf(found[8]))
		if file := missingFile.FindStringSubmatch(found[8]); file != nil {
			set(ev, filePathPath, file[1])
			set(ev, referrerPath, file[2])
		}
		setList(ev, categoryPath, "web")
		kind := "info"
		switch level {
		case "emerg", "alert", "crit", "error", "warn":
			kind = "error"
		}
		setList(ev, typePath, kind)
	},
}

var (
	// apacheErrorLine is a line of Apache 2.4, with module and process, or of 2.2.
	apacheErrorLine = regexp.MustCompile(`(?s)^\[(\w{3} \w{3} +\d+ [\d:.]+ \d{4})\] (?:\[([^:\]]*):(\w+)\] \[pid (\d+)(?::tid (\d+))?\]|\[(\w+)\])(?: \[client (\S+)\])? (.*)$`)
	missingFile     = regexp.MustCompile(`^File does not exist: ([^\s,]+)(?:, referer: (\S+))?`)

	apacheModulePath = pathOf("apache.error.module")
	filePathPath     = pathOf("file.path")
)
