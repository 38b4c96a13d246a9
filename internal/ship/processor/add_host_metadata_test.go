package processor

import (
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/plugin"
)

// describedBy makes the processor for a machine of the test, whose host name is what name has.
func describedBy(t *testing.T, name *string, now *time.Time, options ...any) *hostDescriber {
	t.Helper()
	p, _, err := Build(env, block("add_host_metadata", options...))
	if err != nil {
		t.Fatal(err)
	}
	d := p.(*hostDescriber)
	files := map[string]string{
		"/etc/machine-id": "abc\n", "/proc/sys/kernel/osrelease": "6.1.0\n",
		"/etc/os-release": "NAME=\"Linux Mint\"\nID=linuxmint\nID_LIKE='ubuntu debian'\nVERSION=\"22 (Wilma)\"\nnonsense\n",
	}
	d.machine = machine{
		readFile: func(path string) string { return files[path] },
		hostname: func() (string, error) { return *name, nil },
		interfaces: func() ([]networkInterface, error) {
			return []networkInterface{{mac: net.HardwareAddr{2, 0, 0xab, 0, 0, 1}, ips: []net.IP{net.IPv4(10, 0, 0, 1), net.ParseIP("fe80::1")}}, {}}, nil
		},
		now: func() time.Time { return *now },
	}
	return d
}

func TestHostMetadata(t *testing.T) {
	name, now := "Web-1", time.Unix(0, 0)
	d := describedBy(t, &name, &now)
	ev := parse(t, `{"host":{"name":"shown","os":{"type":"old","mine":1}}}`)
	d.Process(ev)
	want := `{"host":{"name":"shown","os":{"type":"` + runtime.GOOS + `","mine":1,"platform":"linuxmint","family":"debian","name":"Linux Mint","version":"22 (Wilma)","kernel":"6.1.0"},` +
		`"hostname":"web-1","architecture":"ARCH","id":"abc","ip":["10.0.0.1","fe80::1"],"mac":["02-00-AB-00-00-01"]}}`
	arch, _ := d.describe().Member("architecture")
	if got := strings.Replace(fields(ev), `"`+arch.Str()+`"`, `"ARCH"`, 1); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestHostMetadataIsLookedUpAgain: the description holds for cache.ttl, and no event shares it with another.
func TestHostMetadataIsLookedUpAgain(t *testing.T) {
	name, now := "a", time.Unix(0, 0)
	d := describedBy(t, &name, &now, "cache.ttl", text("1m"), "netinfo.enabled", text("false"))
	for _, step := range []struct {
		name string
		at   time.Duration
		want string
	}{{"a", 0, "a"}, {"b", 59 * time.Second, "a"}, {"b", time.Minute, "b"}} {
		name, now = step.name, time.Unix(0, 0).Add(step.at)
		ev := parse(t, `{}`)
		d.Process(ev)
		if got := fields(ev); !strings.Contains(got, `"hostname":"`+step.want+`"`) || strings.Contains(got, `"ip"`) {
			t.Errorf("at %s: %s", step.at, got)
		}
		host, _ := ev.Fields().Member("host")
		host.RemoveMember("hostname")
	}
}

func TestHostMetadataLeavesForwardedEventsAlone(t *testing.T) {
	name, now := "a", time.Unix(0, 0)
	d := describedBy(t, &name, &now, "replace_fields", text("false"))
	ev := parse(t, `{"host":{"name":"other","ip":["1.2.3.4"]}}`)
	d.Process(ev)
	if got, want := fields(ev), `{"host":{"name":"other","ip":["1.2.3.4"]}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestHostMetadataRefuses(t *testing.T) {
	for want, b := range map[string]*plugin.BlockConfig{
		"is not a time span":                  block("add_host_metadata", "cache.ttl", text("soon")),
		"use add_fields with target host.geo": block("add_host_metadata", "geo", hash("name", text("rome"))),
	} {
		if _, _, err := Build(env, b); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}
