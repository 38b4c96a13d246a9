package module

import (
	"net/netip"
	"regexp"

	"elkhorn/internal/event"
)

// The logs of nginx in its combined format, and its errors. Fields are those of Filebeat 8.19's module nginx (ECS 8).

var nginxAccess = Fileset{
	Module: "nginx",
	Name:   "access",
	Paths:  []string{"/var/log/nginx/access.log*"},
	parse: func(p *parser, ev *event.Event, line string) {
		addresses, ok := p.access(ev, line)
		if !ok {
			return
		}
		clients := addressList.Split(destinationOf(ev, addresses), -1)
		setList(ev, remoteIPListPath, clients...)
		client(ev, firstPublic(clients))
	},
}

var nginxError = Fileset{
	Module: "nginx",
	Name:   "error",
	Paths:  []string{"/var/log/nginx/error.log*"},
	Lines:  &Lines{Pattern: `^\d{4}/\d{2}/\d{2} `, Negate: true},
	parse: func(p *parser, ev *event.Event, line string) {
		found := nginxErrorLine.FindStringSubmatch(line)
		if found == nil {
			p.unread(ev)
			return
		}
		if !p.localTime(ev, "2006/01/02 15:04:05", found[1]) {
			p.unread(ev)
			return
		}
		ev.Set(levelPath, event.StringOf(found[2]))
		setNumber(ev, processIDPath, found[3])
		setNumber(ev, threadPath, found[4])
		setNumber(ev, connectionPath, found[5])
		ev.Set(messagePath, event.StringOf(found[6]))
		setList(ev, categoryPath, "web")
		setList(ev, typePath, "error")
	},
}

var (
	// addressList is what stands between addresses that proxies have handed on.
	addressList      = regexp.MustCompile(`"?,?\s+`)
	nginxErrorLine   = regexp.MustCompile(`(?s)^(\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}) \[(\w+)\] (\d+)#(\d+): (?:\*(\d+) )?(.*)$`)
	remoteIPListPath = pathOf("nginx.access.remote_ip_list")
	connectionPath   = pathOf("nginx.error.connection_id")
)

// firstPublic is the first address that is not of a private network, or else the first.
func firstPublic(addresses []string) string {
	for _, text := range addresses {
		if a, err := netip.ParseAddr(text); err != nil || !a.IsPrivate() && !a.IsLoopback() {
			return text
		}
	}
	return addresses[0]
}
