package settings

import (
	"fmt"
	"strings"
	"time"

	"elkhorn/internal/plugin"
)

// Monitoring is how the process writes its own statistics into a store: the original's legacy collection.
type Monitoring struct {
	// On says that somebody asked for it: by name, or by naming hosts.
	On bool
	// Hosts are the stores; none means the process's own or localhost.
	Hosts                  []string
	User, Password, APIKey string
	Authority              string // PEM file
	NoVerify               bool
	// ClusterUUID is written into each document; "" is the store's own.
	ClusterUUID string
	Interval    time.Duration
	// Vertices says whether each plugin's counters are written, Graphs whether the pipelines' graphs are.
	Vertices, Graphs bool

	family string // "monitoring." or "xpack.monitoring.", whichever was used first
	// off says that it was turned off by name, forbidden that it is not allowed at all.
	off, forbidden bool
}

// Enabled says whether statistics are written.
func (m *Monitoring) Enabled() bool { return m.On && !m.off && !m.forbidden }

// monitoringFamilies are the two names of the same settings; one configuration uses one of them.
var monitoringFamilies = []string{"monitoring.", "xpack.monitoring."}

// monitoringKeys are the settings of one family, in alphabetical order.
func monitoringKeys(family string) []Key {
	const secure = "elasticsearch.ssl."
	m := func(set func(m *Monitoring, text string) error) setter {
		return func(n *Node, _ *Pipeline, text string) error {
			if n.Monitoring.family != "" && n.Monitoring.family != family {
				return fmt.Errorf("%s* and %s* are two names of the same settings: use one of them", n.Monitoring.family, family)
			}
			n.Monitoring.family = family
			return set(&n.Monitoring, text)
		}
	}
	flag := func(at func(*Monitoring) *bool) setter {
		return m(func(m *Monitoring, text string) (err error) {
			*at(m), err = parseBool(text)
			return err
		})
	}
	text := func(at func(*Monitoring) *string) setter {
		return m(func(m *Monitoring, text string) error {
			*at(m) = text
			return nil
		})
	}
	keys := []Key{
		{Name: "cluster_uuid", Help: "Identity of the cluster that the statistics belong to; the store's own without it.", set: text(func(m *Monitoring) *string { return &m.ClusterUUID })},
		{Name: "collection.config.enabled", Help: "Whether the graphs of pipelines are written.", set: flag(func(m *Monitoring) *bool { return &m.Graphs })},
		{Name: "collection.interval", Help: "How often statistics are written, such as 10s.", set: m(func(m *Monitoring, text string) (err error) {
			m.Interval, err = ParseDuration(text)
			return err
		})},
		{Name: "collection.pipeline.details.enabled", Help: "Whether each plugin's counters are written.", set: flag(func(m *Monitoring) *bool { return &m.Vertices })},
		{Name: "collection.timeout_interval", Ignored: "counters are read at once"},
		{Name: "elasticsearch.api_key", Help: "API key for the store, id:key.", set: text(func(m *Monitoring) *string { return &m.APIKey })},
		{Name: "elasticsearch.cloud_auth", Unsupported: "name elasticsearch.username and elasticsearch.password"},
		{Name: "elasticsearch.cloud_id", Unsupported: "name elasticsearch.hosts"},
		{Name: "elasticsearch.hosts", Help: "Store that gets the statistics, by URL; several are separated by commas. Naming it turns them on.", set: m(setMonitoringHosts)},
		{Name: "elasticsearch.password", Help: "Password for the store.", set: text(func(m *Monitoring) *string { return &m.Password })},
		{Name: "elasticsearch.proxy", Unsupported: "the store is reached directly"},
		{Name: "elasticsearch.sniffing", Unsupported: "the hosts named are used", Off: "false"},
		{Name: secure + "ca_trusted_fingerprint", Unsupported: "name the authority's file with " + family + secure + "certificate_authority"},
		{Name: secure + "certificate", Unsupported: "this side shows no certificate; log in with a user or an API key"},
		{Name: secure + "certificate_authority", Help: "PEM file of the authority that signed the store's certificate.", set: text(func(m *Monitoring) *string { return &m.Authority })},
		{Name: secure + "cipher_suites", Unsupported: "TLS is not tuned"},
		{Name: secure + "key", Unsupported: "this side shows no certificate; log in with a user or an API key"},
		{Name: secure + "keystore.*", Unsupported: "Java's stores are not read"},
		{Name: secure + "truststore.*", Unsupported: "Java's stores are not read; name a PEM file with " + family + secure + "certificate_authority"},
		{Name: secure + "verification_mode", Help: "full, or none to take any certificate.", set: m(func(m *Monitoring, text string) error {
			if text != "full" && text != "none" {
				return fmt.Errorf("wants full or none, not %q", text)
			}
			m.NoVerify = text == "none"
			return nil
		})},
		{Name: "elasticsearch.username", Help: "User for the store; logstash_system without it, when there is a password.", set: text(func(m *Monitoring) *string { return &m.User })},
		{Name: "enabled", Help: "Whether the process writes its own statistics into a store.", set: m(func(m *Monitoring, text string) error {
			on, err := parseBool(text)
			m.On, m.off = on, !on
			return err
		})},
	}
	if family == "xpack.monitoring." {
		keys = append([]Key{{Name: "allow_legacy_collection", Help: "false leaves the statistics out, as it does in Logstash 9.", set: m(func(m *Monitoring, text string) error {
			on, err := parseBool(text)
			m.forbidden = !on
			return err
		})}}, keys...)
	}
	for i := range keys {
		keys[i].Name = family + keys[i].Name
	}
	return keys
}

// setMonitoringHosts reads one host, several with commas, or the list that an environment variable has.
func setMonitoringHosts(m *Monitoring, text string) error {
	m.Hosts = nil
	for host := range strings.SplitSeq(strings.Trim(text, "[] "), ",") {
		if host = strings.Trim(host, ` "'`); host != "" {
			m.Hosts = append(m.Hosts, host)
		}
	}
	if len(m.Hosts) == 0 {
		return fmt.Errorf("wants a URL such as http://elasticsearch:9200, not %q", text)
	}
	m.On = true
	return nil
}

// check refuses a login that is half given or given twice.
func (m *Monitoring) check(at plugin.Pos) error {
	fail := func(option, reason string) error {
		return &plugin.Error{Pos: at, Option: m.family + option, Reason: reason}
	}
	switch {
	case !m.Enabled():
		return nil
	case m.User != "" && m.Password == "":
		return fail("elasticsearch.password", "is missing beside elasticsearch.username")
	case m.APIKey != "" && m.Password != "":
		return fail("elasticsearch.api_key", "and elasticsearch.password exclude each other")
	}
	return nil
}
