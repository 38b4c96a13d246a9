package codec

import (
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

func TestCEFDecode(t *testing.T) {
	const head = `"cefVersion":"0","deviceVendor":"v","deviceProduct":"p","deviceVersion":"1","deviceEventClassId":"c","name":"n","severity":"3"`
	f := func(data, want string, options ...plugin.Pair) {
		t.Helper()
		if got := decode(build(t, "cef", options...), data); got != want {
			t.Errorf("%q\n got %s\nwant %s", data, got, want)
		}
	}
	f(`CEF:0|v|p|1|c|n|3|src=10.0.0.1 msg=a b  c spt=80`, `{T,`+head+`,"sourceAddress":"10.0.0.1","message":"a b  c","sourcePort":"80"}`)
	f("CEF:0|v|p|1|c|n|3|\n", `{T,`+head+`}`)
	f(`Jan 1 00:00:00 host CEF:0|v|p|1|c|n|3|`, `{T,"syslog":"Jan 1 00:00:00 host",`+head+`}`)
	f(`"CEF:0|v|p|1|c|n|3|"`, `{T,`+head+`}`)
	f(`CEF:0|v\|w|p\\q|1|c|n|3|`, `{T,"cefVersion":"0","deviceVendor":"v|w","deviceProduct":"p\\q","deviceVersion":"1","deviceEventClassId":"c","name":"n","severity":"3"}`)
	f(`CEF:0|v|p|1|c|n|3|request=http://x/?a\=1 msg=one\ntwo\\ cs2Label=k=v cn15=7`, `{T,`+head+`,"requestUrl":"http://x/?a=1","message":"one\ntwo\\","deviceCustomString2Label":"k=v","deviceCustomNumber15":"7"}`)
	f(`CEF:0|v|p|1|c|n|3|ad.field_x[0]=zero foo=bar=baz`, `{T,`+head+`,"ad.field_x":{"0":"zero"},"foo":"bar=baz"}`)
	f(`CEF:0|v|p|1|c|n|3|src=1`, `{T,"raw":"CEF:0|v|p|1|c|n|3|src=1",`+head+`,"sourceAddress":"1"}`, option("raw_data_field", "raw"))
	two := `{T,` + head + `} {T,` + head + `}`
	f("CEF:0|v|p|1|c|n|3|\r\nCEF:0|v|p|1|c|n|3|\r\n", two, option("delimiter", `\r\n`))
	for _, bad := range []string{"not cef", `CEF:0|v|p|1|c|n`, `CEF:0|v|p|1|c|n|3|lonely`, "CEF:0|v|p|1|c|n|3|a=1\nb=2", `"`} {
		f(bad, `{T,"message":`+string(event.AppendQuoted(nil, bad))+`,"tags":["_cefparsefailure"]}`)
	}
	f("CEF:0|v|p|1|c|n|3|a=\xff", "{T,\"message\":\"CEF:0|v|p|1|c|n|3|a=\ufffd\",\"tags\":[\"_cefparsefailure\"]}")
}

func TestCEFInECSLayout(t *testing.T) {
	ecs := option("ecs_compatibility", "v8")
	got := decode(build(t, "cef", ecs), `CEF:0|v|p|1|c|n|3|src=10.0.0.1 dvchost=fw cs1=x cs1Label=y start=1700000000000 rt=Jan 02 2026 03:04:05.250 dtz=Europe/Berlin`)
	want := `{"@timestamp":"2026-01-02T02:04:05.250Z","cef":{"version":"0","name":"n","device_custom_string_1":{"value":"x","label":"y"}},"observer":{"vendor":"v","product":"p","version":"1","hostname":"fw"},` +
		`"event":{"code":"c","severity":"3","timezone":"Europe/Berlin","start":"2023-11-14T22:13:20.000Z"},"source":{"ip":"10.0.0.1"}}`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if got := decode(build(t, "cef", ecs, option("device", "host")), `CEF:0|v|p|1|c|n|3|dvchost=fw`); !strings.Contains(got, `"host":{"name":"fw"}`) {
		t.Errorf("got %s", got)
	}
	if got := decode(build(t, "cef", ecs), `CEF:0|v|p|1|c|n|3|start=yesterday`); !strings.Contains(got, cefFailureTag) {
		t.Errorf("got %s", got)
	}
}

func TestCEFTimeWithoutYear(t *testing.T) {
	c := build(t, "cef", option("ecs_compatibility", "v1")).(*cefMessages)
	for _, at := range []struct{ now, text, want string }{
		{"2026-05-12", "May 13 00:00:00", "2026-05-13"}, {"2026-05-12", "May 15 00:00:00", "2025-05-15"},
		{"2026-12-31", "Jan 01 00:00:00", "2027-01-01"}, {"2026-01-01", "Dec 31 00:00:00 UTC", "2025-12-31"},
	} {
		now, err := time.Parse(time.DateOnly, at.now)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.times.parse(at.text, "", now); err != nil || got.Format(time.DateOnly) != at.want {
			t.Errorf("%s on %s: got %v, %v", at.text, at.now, got, err)
		}
	}
}

func TestCEFEncode(t *testing.T) {
	ev := event.New(noon)
	for name, text := range map[string]string{"sourceAddress": "10.0.0.1", "message": "a=b\r\nc\\", "vendor": "x|y\nz", "severity": "11", "odd_name": "v"} {
		ev.Set(event.MustPath(name), event.StringOf(text))
	}
	fields := func(names ...string) plugin.Pair {
		p := plugin.Pair{Key: "fields", Value: plugin.Value{Kind: plugin.List}}
		for _, name := range names {
			p.Value.List = append(p.Value.List, plugin.Value{Str: name})
		}
		return p
	}
	f := func(want string, options ...plugin.Pair) {
		t.Helper()
		if got := string(build(t, "cef", options...).Encode(nil, ev)); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
	f(`CEF:0|Elasticsearch|Logstash|1.0|Logstash|Logstash|6|`)
	f(`CEF:0|x\|y z|Logstash|1.0|Logstash|Logstash|6|sourceAddress=10.0.0.1 message=a\=b\nc\\ oddname=v`+"\r\n", option("vendor", "%{vendor}"), option("severity", "%{severity}"),
		option("delimiter", `\r\n`), fields("sourceAddress", "missing", "message", "odd_name"))
	f(`CEF:0|Elasticsearch|Logstash|1.0|Logstash|Logstash|9|src=10.0.0.1 msg=a\=b\nc\\`, option("severity", "9.0"), option("reverse_mapping", "true"), fields("sourceAddress", "message"))
	ecs := event.New(noon)
	ecs.Set(event.MustPath("[source][ip]"), event.StringOf("10.0.0.2"))
	if got := string(build(t, "cef", option("ecs_compatibility", "v8"), option("reverse_mapping", "true"), fields("[source][ip]")).Encode(nil, ecs)); !strings.HasSuffix(got, "|src=10.0.0.2") {
		t.Errorf("got %s", got)
	}
}

func FuzzCEF(f *testing.F) {
	for _, s := range []string{`CEF:0|v|p|1|c|n|3|src=10.0.0.1 msg=a b`, `x CEF:0|\||\\|1|c|n|3|a[1]=b rt=Jan 01 00:00:00`, `"`, "CEF:0|||||||=", "a.=b"} {
		f.Add(s)
	}
	codecs := []struct{ options []plugin.Pair }{{nil}, {[]plugin.Pair{option("ecs_compatibility", "v8"), option("delimiter", "||")}}}
	f.Fuzz(func(t *testing.T, data string) {
		for _, c := range codecs {
			cef := build(t, "cef", c.options...)
			cef.Decode([]byte(data), noon, func(ev *event.Event) {
				if len(cef.Encode(nil, ev)) == 0 {
					t.Error("nothing was written")
				}
			})
		}
	})
}
