package processor

import (
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

var addHostMetadata = Spec{
	Name:    "add_host_metadata",
	Summary: "Describes the machine below host: its name, system, addresses.",
	Options: []plugin.Option{
		{Name: "netinfo.enabled", Kind: plugin.Boolean, Default: true, Help: "Adds host.ip and host.mac."},
		{Name: "cache.ttl", Kind: plugin.String, Default: "5m", Help: "How long a description holds before the machine is looked at again."},
		{Name: "replace_fields", Kind: plugin.Boolean, Default: true, Help: "false leaves events alone that have more of host than its name."},
		{Name: "geo", Kind: plugin.Hash, Unsupported: "use add_fields with target host.geo"},
	},
	New: newHostDescriber,
}

// machine is where a description comes from; tests have their own.
type machine struct {
	readFile   func(path string) string // "" when it cannot be read
	hostname   func() (string, error)
	interfaces func() ([]networkInterface, error)
	now        func() time.Time
}

type networkInterface struct {
	mac net.HardwareAddr
	ips []net.IP
}

type hostDescriber struct {
	machine machine
	network bool
	replace bool
	ttl     time.Duration

	mu struct {
		sync.Mutex
		host  event.Value // not changed once it is here
		until time.Time
	}
}

func newHostDescriber(_ *Env, s *plugin.Settings) (Processor, error) {
	ttl, err := time.ParseDuration(s.String("cache.ttl"))
	if err != nil {
		return nil, s.Errorf("cache.ttl", "%q is not a time span such as 5m", s.String("cache.ttl"))
	}
	return &hostDescriber{network: s.Bool("netinfo.enabled"), replace: s.Bool("replace_fields"), ttl: ttl, machine: thisMachine}, nil
}

func (d *hostDescriber) Process(ev *event.Event) bool {
	host, ok := ev.Fields().Member("host")
	if ok && host.Kind() == event.Object && host.Len() > 1 && !d.replace {
		return true
	}
	MergeFields(ev, "host", d.describe())
	return true
}

// describe is the description of the machine, at most ttl old.
func (d *hostDescriber) describe() event.Value {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now := d.machine.now(); !now.Before(d.mu.until) {
		d.mu.host, d.mu.until = d.machine.describe(d.network), now.Add(d.ttl)
	}
	return d.mu.host
}

// architectures are the names that uname has for Go's.
var architectures = map[string]string{"amd64": "x86_64", "386": "i686", "arm64": "aarch64", "arm": "armv7l"}

func (m *machine) describe(network bool) event.Value {
	host := event.NewObject()
	set := func(into event.Value, name, text string) {
		if text != "" {
			into.SetMember(name, event.StringOf(text))
		}
	}
	if name, err := m.hostname(); err == nil {
		set(host, "hostname", strings.ToLower(name))
	}
	architecture := architectures[runtime.GOARCH]
	if architecture == "" {
		architecture = runtime.GOARCH
	}
	set(host, "architecture", architecture)
	set(host, "id", strings.TrimSpace(m.readFile("/etc/machine-id")))
	system := event.NewObject()
	release := releaseOf(m.readFile("/etc/os-release"))
	set(system, "type", runtime.GOOS)
	set(system, "platform", release["ID"])
	set(system, "family", familyOf(release["ID"], release["ID_LIKE"]))
	set(system, "name", release["NAME"])
	set(system, "version", release["VERSION"])
	set(system, "codename", release["VERSION_CODENAME"])
	set(system, "kernel", strings.TrimSpace(m.readFile("/proc/sys/kernel/osrelease")))
	host.SetMember("os", system)
	if network {
		m.addNetwork(host)
	}
	return host
}

func (m *machine) addNetwork(host event.Value) {
	all, err := m.interfaces()
	if err != nil {
		return
	}
	var ips, macs []event.Value
	for _, one := range all {
		if len(one.mac) > 0 {
			macs = append(macs, event.StringOf(strings.ToUpper(strings.ReplaceAll(one.mac.String(), ":", "-"))))
		}
		for _, ip := range one.ips {
			ips = append(ips, event.StringOf(ip.String()))
		}
	}
	if len(ips) > 0 {
		host.SetMember("ip", event.ArrayOf(ips...))
	}
	if len(macs) > 0 {
		host.SetMember("mac", event.ArrayOf(macs...))
	}
}

// releaseOf reads the lines NAME="value" of an os-release.
func releaseOf(text string) map[string]string {
	release := make(map[string]string)
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			release[name] = strings.Trim(value, `"'`)
		}
	}
	return release
}

// families are what systems are derived from, as Beats name them.
var families = map[string]string{
	"debian": "debian", "ubuntu": "debian", "fedora": "redhat", "rhel": "redhat", "centos": "redhat", "suse": "suse", "opensuse": "suse", "arch": "arch", "alpine": "alpine",
}

func familyOf(id, like string) string {
	for _, name := range append([]string{id}, strings.Fields(like)...) {
		if family := families[name]; family != "" {
			return family
		}
	}
	return ""
}

// maxSystemFileBytes bounds the files that describe a machine.
const maxSystemFileBytes = 64 << 10

// thisMachine is the one that the program runs on.
var thisMachine = machine{
	readFile: func(path string) string {
		data, err := vfs.ReadFile(vfs.Default, path, maxSystemFileBytes)
		if err != nil {
			return "" // another system
		}
		return string(data)
	},
	hostname:   os.Hostname,
	interfaces: networkInterfaces,
	now:        time.Now,
}

func networkInterfaces() ([]networkInterface, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var found []networkInterface
	for _, one := range all {
		if one.Flags&net.FlagLoopback != 0 {
			continue
		}
		addresses, err := one.Addrs()
		if err != nil {
			continue // it went away
		}
		n := networkInterface{mac: one.HardwareAddr}
		for _, a := range addresses {
			if network, ok := a.(*net.IPNet); ok {
				n.ips = append(n.ips, network.IP)
			}
		}
		found = append(found, n)
	}
	return found, nil
}
