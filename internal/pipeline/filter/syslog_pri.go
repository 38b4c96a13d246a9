package filter

import (
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var syslogPri = pipeline.FilterSpec{
	Name:    "syslog_pri",
	Summary: "Takes the priority at the head of a syslog message (RFC 3164) apart into facility and severity.",
	Options: []plugin.Option{
		{Name: "syslog_pri_field_name", Kind: plugin.Field, Help: "Field with the priority as a number; syslog_pri when not given or, with ecs_compatibility, [log][syslog][priority]. Of an array it is the first item. An event without it counts as 13 (user, notice)."},
		{Name: "use_labels", Kind: plugin.Boolean, Default: true, Help: "Write the names of facility and severity beside their codes. A facility without a name gets the tag _syslogpriparsefailure."},
		{Name: "facility_labels", Kind: plugin.Strings, Help: "Names of the facilities, from code 0 on.", Default: []string{
			"kernel", "user-level", "mail", "daemon", "security/authorization", "syslogd", "line printer", "network news", "uucp", "clock",
			"security/authorization", "ftp", "ntp", "log audit", "log alert", "clock",
			"local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"}},
		{Name: "severity_labels", Kind: plugin.Strings, Help: "Names of the severities, from code 0 on.", Default: []string{
			"emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"}},
		ecsOption,
	},
	New: newSyslogPri,
}

// defaultPriority is that of a message without one (RFC 3164, 4.3.3): user-level, notice.
const defaultPriority = 13

type syslogPriFilter struct {
	source                       *event.Path
	facilityCode, facilityName   *event.Path
	severityCode, severityName   *event.Path
	facilityNames, severityNames []string
	useNames                     bool
}

func newSyslogPri(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &syslogPriFilter{useNames: s.Bool("use_labels"), facilityNames: s.Strings("facility_labels"), severityNames: s.Strings("severity_labels"),
		source:       event.MustPath("syslog_pri"),
		facilityCode: event.MustPath("syslog_facility_code"), facilityName: event.MustPath("syslog_facility"),
		severityCode: event.MustPath("syslog_severity_code"), severityName: event.MustPath("syslog_severity")}
	if ecsLayout(s) {
		f.source = event.MustPath("[log][syslog][priority]")
		f.facilityCode, f.facilityName = event.MustPath("[log][syslog][facility][code]"), event.MustPath("[log][syslog][facility][name]")
		f.severityCode, f.severityName = event.MustPath("[log][syslog][severity][code]"), event.MustPath("[log][syslog][severity][name]")
	}
	given, err := pathOption(s, "syslog_pri_field_name")
	if given != nil {
		f.source = given
	}
	return f, err
}

func (f *syslogPriFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	priority := int64(defaultPriority)
	if v, ok := ev.Get(f.source); ok && v.Truthy() {
		switch v = firstItem(v); v.Kind() {
		case event.String:
			priority = leadingInt(v.Str())
		default:
			priority = v.Int()
		}
	}
	severity, facility := priority&7, priority>>3
	ev.Set(f.severityCode, event.IntOf(severity))
	ev.Set(f.facilityCode, event.IntOf(facility))
	if !f.useNames {
		return pipeline.Matched
	}
	if facility < 0 || facility >= int64(len(f.facilityNames)) {
		ev.Tag("_syslogpriparsefailure")
		return pipeline.Matched
	}
	ev.Set(f.facilityName, event.StringOf(f.facilityNames[facility]))
	if severity < int64(len(f.severityNames)) {
		ev.Set(f.severityName, event.StringOf(f.severityNames[severity]))
	}
	return pipeline.Matched
}
