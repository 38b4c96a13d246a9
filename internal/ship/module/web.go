package module

import (
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/useragent"
)

// What the modules of web servers have in common.

var (
	methodPath        = pathOf("http.request.method")
	referrerPath      = pathOf("http.request.referrer")
	versionPath       = pathOf("http.version")
	statusPath        = pathOf("http.response.status_code")
	bodyBytesPath     = pathOf("http.response.body.bytes")
	urlOriginalPath   = pathOf("url.original")
	urlPathPath       = pathOf("url.path")
	urlQueryPath      = pathOf("url.query")
	urlExtensionPath  = pathOf("url.extension")
	agentPath         = pathOf("user_agent")
	sourcePortPath    = pathOf("source.port")
	destinationPort   = pathOf("destination.port")
	destinationIP     = pathOf("destination.ip")
	destinationDomain = pathOf("destination.domain")
	levelPath         = pathOf("log.level")
	threadPath        = pathOf("process.thread.id")
)

// accessLine is a line of the common or the combined format: addresses, user, time, request, status, bytes, referrer, agent.
var accessLine = regexp.MustCompile(`^"?([^\[]+?)"? - (.*?) \[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-)(?: "((?:[^"\\]|\\.)*)")?(?: "((?:[^"\\]|\\.)*)")?`)

const accessTime = "02/Jan/2006:15:04:05 -0700"

// access reads a line of an access log. It returns the addresses that the line begins with; ok is false for another line.
func (p *parser) access(ev *event.Event, line string) (addresses string, ok bool) {
	found := accessLine.FindStringSubmatch(line)
	if found == nil {
		p.unread(ev)
		return "", false
	}
	at, err := time.Parse(accessTime, found[3])
	if err != nil {
		p.unread(ev)
		return "", false
	}
	ev.SetTimestamp(at)
	setGiven(ev, userNamePath, found[2])
	if user, ok := ev.Get(userNamePath); ok {
		addOnce(ev, relatedUsersPath, user.Text())
	}
	request(ev, found[4])
	status, _ := strconv.ParseInt(found[5], 10, 64) // three digits
	ev.Set(statusPath, event.IntOf(status))
	if size, err := strconv.ParseInt(found[6], 10, 64); err == nil {
		ev.Set(bodyBytesPath, event.IntOf(size))
	}
	setGiven(ev, referrerPath, found[7])
	if header := found[8]; header != "" && header != "-" {
		ev.Set(agentPath, p.agent(header))
	}
	setList(ev, categoryPath, "web")
	setList(ev, typePath, "access")
	outcome := "success"
	if status >= 400 {
		outcome = "failure"
	}
	ev.Set(outcomePath, event.StringOf(outcome))
	return found[1], true
}

// setGiven sets a text, unless a dash stands for none.
func setGiven(ev *event.Event, path *event.Path, text string) {
	if text != "-" {
		set(ev, path, text)
	}
}

// request takes the first line of a request apart; what is none, such as a TLS handshake sent to a plain port, says nothing.
func request(ev *event.Event, text string) {
	method, rest, ok := strings.Cut(text, " ")
	if !ok || strings.ContainsFunc(method, func(r rune) bool { return r < 'A' || r > 'z' || r > 'Z' && r < 'a' }) {
		return
	}
	target, version, ok := strings.Cut(rest, " HTTP/")
	if !ok {
		return
	}
	set(ev, methodPath, method)
	set(ev, versionPath, version)
	set(ev, urlOriginalPath, target)
	if parts, err := url.ParseRequestURI(target); err == nil {
		set(ev, urlPathPath, parts.Path)
		set(ev, urlQueryPath, parts.RawQuery)
		set(ev, urlExtensionPath, strings.TrimPrefix(path.Ext(parts.Path), "."))
	}
}

// destinationOf splits off the server's own name or address, with or without a port, that may stand before those of clients.
func destinationOf(ev *event.Event, addresses string) (clients string) {
	server, clients, ok := strings.Cut(addresses, " ")
	if !ok || strings.HasSuffix(server, ",") || strings.HasSuffix(server, `"`) {
		return addresses
	}
	host := server
	if name, port, ok := strings.Cut(server, ":"); ok && !isIP(server) {
		if n, err := strconv.ParseUint(port, 10, 16); err == nil {
			host = name
			ev.Set(destinationPort, event.IntOf(int64(n)))
		}
	}
	if isIP(host) {
		ev.Set(destinationIP, event.StringOf(host))
		addOnce(ev, relatedIPsPath, host)
	} else {
		ev.Set(destinationDomain, event.StringOf(host))
	}
	return strings.Trim(clients, `" `)
}

// client sets an address, with or without a port, as the source.
func client(ev *event.Event, address string) {
	if with, err := netip.ParseAddrPort(address); err == nil {
		ev.Set(sourcePortPath, event.IntOf(int64(with.Port())))
		address = with.Addr().String()
	}
	set(ev, sourceAddress, address)
	source(ev)
}

// agentCacheSize is how many headers are remembered: those of most clients come again and again.
const agentCacheSize = 1000

// maxAgentBytes is how much of a header is read; browsers send 60 to 250 bytes.
const maxAgentBytes = 1024

// agent takes a User-Agent header apart.
func (p *parser) agent(header string) event.Value {
	if known, ok := p.agents.Get(header); ok {
		return known.Clone()
	}
	read := header[:min(len(header), maxAgentBytes)]
	a := useragent.Parse(read)
	object := func(members ...string) event.Value {
		o := event.NewObject()
		for i := 0; i < len(members); i += 2 {
			if members[i+1] != "" {
				o.SetMember(members[i], event.StringOf(strings.Clone(members[i+1])))
			}
		}
		return o
	}
	agent := object("original", header, "name", a.Name, "version", a.Version.String())
	agent.SetMember("device", object("name", a.Device))
	if a.OS != "Other" {
		os := object("name", a.OS)
		if version := a.OSVersion.String(); version != "" {
			os = object("name", a.OS, "version", version, "full", a.System())
		}
		agent.SetMember("os", os)
	}
	if len(header) <= maxAgentBytes {
		p.agents.Put(strings.Clone(header), agent)
	}
	return agent.Clone()
}
