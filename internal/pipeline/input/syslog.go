package input

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"elkhorn/internal/datefmt"
	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var syslog = pipeline.InputSpec{
	Name:    "syslog",
	Summary: "Takes syslog messages (RFC 3164, or what grok_pattern describes) by TCP and UDP on one port.",
	Options: []plugin.Option{
		{Name: "host", Kind: plugin.String, Default: "0.0.0.0", Help: "Address to listen on. Another than a loopback address needs security."},
		{Name: "port", Kind: plugin.Integer, Default: 514, Help: "Port to listen on, for TCP and for UDP. Ports below 1024 need privileges on most systems."},
		{Name: "grok_pattern", Kind: plugin.String, Help: "Grok expression of a message; by default <%{POSINT:priority}>%{SYSLOGLINE}."},
		{Name: "syslog_field", Kind: plugin.Field, Default: "message", Help: "Field of the codec's events that holds the message."},
		{Name: "use_labels", Kind: plugin.Boolean, Default: true, Help: "Add names for facility and severity."},
		{Name: "facility_labels", Kind: plugin.Strings, Default: []string{"kernel", "user-level", "mail", "system", "security/authorization", "syslogd", "line printer", "network news", "UUCP", "clock", "security/authorization", "FTP", "NTP", "log audit", "log alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"}, Help: "Names of the facilities from 0 on."},
		{Name: "severity_labels", Kind: plugin.Strings, Default: []string{"Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"}, Help: "Names of the severities from 0 on."},
		{Name: "timezone", Kind: plugin.String, Help: "Zone of times that name none, such as Europe/Berlin; by default this machine's."},
		{Name: "locale", Kind: plugin.String, Default: "en", Help: "Language of month names: de, en, es, fr, it, nl or pt."},
		{Name: "proxy_protocol", Kind: plugin.Boolean, Help: "TCP connections begin with a line of the PROXY protocol, version 1."},
		{Name: "service_type", Kind: plugin.String, Default: "system", Help: "In the ECS layout: value of [service][type], where the event has none."},
		ecsFieldsOption,
	},
	New: newSyslog,
}

var eventOriginalPath = event.MustPath("[event][original]")

// syslogFailureTag marks a message that the expression does not fit.
const syslogFailureTag = "_grokparsefailure_sysloginput"

// unknownPriority is what a message without a priority has: user-level, notice (RFC 3164, 4.3.3).
const unknownPriority = 13

// syslogServer is a syslog input: a tcp and a udp input whose events are taken apart.
type syslogServer struct {
	tcp *tcpServer
	udp *udpServer
}

// syslogRules take a message apart.
type syslogRules struct {
	env                               *pipeline.Env
	field                             *event.Path
	grok                              *pattern.Grok
	captures                          []syslogCapture
	host, priority, facility          *event.Path
	severity, facilityName            *event.Path
	severityName                      *event.Path
	facilityLabels, severityLabels    []string // nil for none
	dates                             []*datefmt.Format
	zone                              *time.Location
	ecs                               bool
	serviceType                       string
	timestamp, timestamp8601, service *event.Path
}

type syslogCapture struct {
	group      int
	path       *event.Path
	conversion pattern.Conversion
	overwrite  bool
}

func newSyslog(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	port := s.Int("port")
	if port < 0 || port > 65535 {
		return nil, s.Errorf("port", "must lie between 0 and 65535")
	}
	newCodec, err := env.Codec(s.Codec("codec"))
	if err != nil {
		return nil, err
	}
	if err := refuseWhole(s, newCodec); err != nil {
		return nil, err
	}
	rules, err := newSyslogRules(env, s)
	if err != nil {
		return nil, err
	}
	address := net.JoinHostPort(s.String("host"), fmt.Sprint(port))
	return &syslogServer{
		tcp: &tcpServer{env: env, address: address, newCodec: newCodec, linesOnly: true, proxied: s.Bool("proxy_protocol"), finish: rules.apply},
		udp: &udpServer{env: env, address: address, newCodec: newCodec, datagramBytes: maxDatagramBytes, queueSize: 2000, finish: rules.apply},
	}, nil
}

func newSyslogRules(env *pipeline.Env, s *plugin.Settings) (*syslogRules, error) {
	r := &syslogRules{env: env, ecs: ecsLayout(s), serviceType: s.String("service_type"), host: layoutPath(s, "host", "[host][ip]"),
		priority: layoutPath(s, "priority", "[log][syslog][priority]"), facility: layoutPath(s, "facility", "[log][syslog][facility][code]"),
		severity: layoutPath(s, "severity", "[log][syslog][severity][code]"), facilityName: layoutPath(s, "facility_label", "[log][syslog][facility][name]"),
		severityName: layoutPath(s, "severity_label", "[log][syslog][severity][name]"), timestamp: event.MustPath("timestamp"),
		timestamp8601: event.MustPath("timestamp8601"), service: event.MustPath("[service][type]")}
	var err error
	if r.field, err = event.ParsePath(s.String("syslog_field")); err != nil {
		return nil, s.Errorf("syslog_field", "%v", err)
	}
	if s.Bool("use_labels") {
		r.facilityLabels, r.severityLabels = s.Strings("facility_labels"), s.Strings("severity_labels")
	}
	r.zone = time.Local
	if s.Has("timezone") {
		if r.zone, err = datefmt.LoadZone(s.String("timezone")); err != nil {
			return nil, s.Errorf("timezone", "%v", err)
		}
	}
	for _, format := range []string{"MMM dd HH:mm:ss", "MMM  d HH:mm:ss", "MMM d HH:mm:ss"} {
		f, err := datefmt.CompileLocale(format, s.String("locale"))
		if err != nil {
			return nil, s.Errorf("locale", "%v", err)
		}
		r.dates = append(r.dates, f)
	}
	return r, r.compile(s)
}

func (r *syslogRules) compile(s *plugin.Settings) error {
	library, expression := pattern.NewLibrary(), "<%{POSINT:priority}>%{SYSLOGLINE}"
	if r.ecs {
		library, expression = pattern.NewECSLibrary(), "<%{POSINT:[log][syslog][priority]:int}>%{SYSLOGLINE}"
	}
	if s.Has("grok_pattern") {
		expression = s.String("grok_pattern")
	}
	var err error
	if r.grok, err = library.Compile(expression, pattern.GrokOptions{}); err != nil {
		return s.Errorf("grok_pattern", "%v", err)
	}
	for _, field := range r.grok.Fields() {
		path, err := event.ParsePath(field.Name)
		if err != nil {
			return s.Errorf("grok_pattern", "%v", err)
		}
		r.captures = append(r.captures, syslogCapture{field.Group, path, field.Conversion, field.Name == s.String("syslog_field")})
	}
	return nil
}

// apply takes an event's message apart.
func (r *syslogRules) apply(ev *event.Event, from sender) {
	if from.addr.IsValid() {
		ev.Set(r.host, event.StringOf(from.addr.Addr().Unmap().String()))
	}
	message, _ := ev.Get(r.field)
	if r.ecs {
		ev.Set(eventOriginalPath, message)
	}
	priority := unknownPriority
	bounds, err := r.grok.Match(nil, message.Str())
	if err == nil && bounds != nil {
		r.capture(ev, message.Str(), bounds)
		v, _ := ev.Get(r.priority)
		if priority, err = strconv.Atoi(v.Text()); err != nil {
			priority = 0 // as Ruby reads what is no number
		}
		r.setTime(ev)
	} else {
		ev.Tag(syslogFailureTag)
	}
	if r.ecs && r.serviceType != "" {
		if _, has := ev.Get(r.service); !has {
			ev.Set(r.service, event.StringOf(r.serviceType))
		}
	}
	facility, severity := priority>>3, priority&7
	ev.Set(r.priority, event.IntOf(int64(priority)))
	ev.Set(r.severity, event.IntOf(int64(severity)))
	ev.Set(r.facility, event.IntOf(int64(facility)))
	if facility >= 0 && facility < len(r.facilityLabels) {
		ev.Set(r.facilityName, event.StringOf(r.facilityLabels[facility]))
	}
	if severity < len(r.severityLabels) {
		ev.Set(r.severityName, event.StringOf(r.severityLabels[severity]))
	}
}

func (r *syslogRules) capture(ev *event.Event, text string, bounds []int) {
	for _, c := range r.captures {
		start, end := bounds[2*c.group], bounds[2*c.group+1]
		if start < 0 || start == end {
			continue
		}
		v := event.StringOf(text[start:end])
		switch c.conversion {
		case pattern.AsInt:
			if n, err := strconv.ParseInt(v.Str(), 10, 64); err == nil {
				v = event.IntOf(n)
			}
		case pattern.AsFloat:
			if f, err := strconv.ParseFloat(v.Str(), 64); err == nil {
				v = event.FloatOf(f)
			}
		}
		if c.overwrite {
			ev.Set(c.path, v)
		} else {
			ev.Add(c.path, v)
		}
	}
}

// setTime sets the event's time by the message's, where that can be read.
func (r *syslogRules) setTime(ev *event.Event) {
	v, ok := ev.Get(r.timestamp)
	if iso, has := ev.Get(r.timestamp8601); has && !r.ecs {
		v, ok = iso, true
		ev.Set(r.timestamp, iso)
	}
	if !ok {
		return
	}
	if r.ecs {
		ev.Remove(r.timestamp)
	}
	if at, err := r.parseTime(v.Text()); err == nil {
		ev.SetTimestamp(at)
	} else {
		ev.Tag("_dateparsefailure")
	}
}

func (r *syslogRules) parseTime(text string) (time.Time, error) {
	for _, f := range r.dates {
		if at, err := f.ParseNear(text, r.zone, r.env.Now()); err == nil {
			return at, nil
		}
	}
	at, _, err := datefmt.ParseISO8601Joda(text, r.zone)
	return at, err
}

// Open binds both sockets.
func (y *syslogServer) Open(ctx context.Context) error {
	if err := y.tcp.Open(ctx); err != nil {
		return err
	}
	if err := y.udp.Open(ctx); err != nil {
		return errors.Join(err, y.tcp.Close())
	}
	return nil
}

// Addr is where the input listens by TCP, once it is open.
func (y *syslogServer) Addr() net.Addr { return y.tcp.Addr() }

// Close releases both sockets.
func (y *syslogServer) Close() error { return errors.Join(y.tcp.Close(), y.udp.Close()) }

// Run takes messages until ctx ends or one of the two sockets fails, which ends both.
func (y *syslogServer) Run(ctx context.Context, sink pipeline.Sink) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	received := make(chan error, 1)
	go func() {
		defer cancel()
		received <- y.udp.Run(ctx, sink)
	}()
	err := y.tcp.Run(ctx, sink)
	cancel()
	return errors.Join(err, <-received)
}
