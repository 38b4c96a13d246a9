package datefmt

import (
	"strings"
	"testing"
	"time"
)

func mustCompile(t *testing.T, dialect Dialect, pattern string) *Format {
	t.Helper()
	f, err := compile(pattern, dialect)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		dialect             Dialect
		pattern, text, want string // want in RFC 3339, empty for a refusal
	}{
		{Joda, "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2026-12-25T14:32:18.456+0100", "2026-12-25T13:32:18.456Z"},
		{Joda, "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2026-12-25T14:32:18.456Z", "2026-12-25T14:32:18.456Z"},
		{Joda, "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2026-12-25T14:32:18.4+01:00", "2026-12-25T13:32:18.4Z"},
		{Joda, "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2026-12-25T14:32:18.4567Z", ""},
		{Joda, "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2026-12-25T14:32:18.456", ""},
		{Joda, "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2026-12-25T14:32:18.456Z ", ""},
		{Joda, "YYYY.MM.dd", "2026.02.03", "2026-02-03T00:00:00Z"},
		{Joda, "yyyy-MM-dd HH:mm:ss", "2026-2-3 4:5:6", "2026-02-03T04:05:06Z"},
		{Java, "yyyy-MM-dd HH:mm:ss", "2026-2-3 4:5:6", ""},
		{Java, "y-M-d H:m:s", "2026-2-3 4:5:6", "2026-02-03T04:05:06Z"},
		{Joda, "dd/MMM/yyyy:HH:mm:ss Z", "17/May/2015:10:05:03 +0000", "2015-05-17T10:05:03Z"},
		{Joda, "dd/MMM/yyyy:HH:mm:ss Z", "17/may/2015:10:05:03 -0730", "2015-05-17T17:35:03Z"},
		{Joda, "dd/MMM/yyyy:HH:mm:ss Z", "17/Mai/2015:10:05:03 +0000", ""},
		{Joda, "MMM  d HH:mm:ss", "Feb  9 01:02:03", "2000-02-09T01:02:03Z"},
		{Joda, "MMM d HH:mm:ss", "Feb 29 01:02:03", "2000-02-29T01:02:03Z"},
		{Joda, "MMMM d, yyyy h:mm a", "December 25, 2026 12:05 AM", "2026-12-25T00:05:00Z"},
		{Joda, "MMMM d, yyyy h:mm a", "Dec 25, 2026 12:05 pm", "2026-12-25T12:05:00Z"},
		{Joda, "MMMM d, yyyy h:mm a", "Dec 25, 2026 13:05 PM", ""},
		{Java, "MMM d, yyyy", "December 25, 2026", ""},
		{Java, "MMMM d, yyyy", "December 25, 2026", "2026-12-25T00:00:00Z"},
		{Joda, "K:mm a", "0:30 PM", "2000-01-01T12:30:00Z"},
		{Joda, "kk:mm", "24:30", "2000-01-01T00:30:00Z"},
		{Joda, "kk:mm", "00:30", ""},
		{Joda, "EEE, dd MMM yyyy HH:mm:ss z", "Fri, 25 Dec 2026 14:32:18 PST", "2026-12-25T22:32:18Z"},
		{Joda, "yyyy-MM-dd HH:mm:ss ZZZ", "2026-07-01 12:00:00 Europe/Berlin", "2026-07-01T10:00:00Z"},
		{Java, "yyyy-MM-dd HH:mm:ss VV", "2026-01-01 12:00:00 Europe/Berlin", "2026-01-01T11:00:00Z"},
		{Joda, "yyyy-MM-dd HH:mm:ss ZZZ", "2026-07-01 12:00:00 Mars/Base", ""},
		{Joda, "yyyyMMddHHmmss", "20261225143218", "2026-12-25T14:32:18Z"},
		{Joda, "yyyyMMddHHmmssSSS", "20261225143218456", "2026-12-25T14:32:18.456Z"},
		{Joda, "yyMMdd", "261225", "2026-12-25T00:00:00Z"},
		{Java, "yyMMdd", "991225", "2099-12-25T00:00:00Z"},
		{Joda, "yyyy-DDD", "2024-366", "2024-12-31T00:00:00Z"},
		{Joda, "yyyy-DDD", "2026-366", ""},
		{Joda, "xxxx-'W'ww-e", "2026-W53-5", "2027-01-01T00:00:00Z"},
		{Joda, "xxxx-'W'ww-e", "2025-W53-5", ""},
		{Java, "YYYY-'W'ww-e", "2020-W01-1", "2019-12-30T00:00:00Z"},
		{Joda, "yyyy-MM-dd", "2026-02-29", ""},
		{Joda, "yyyy-MM-dd", "2026-13-01", ""},
		{Joda, "yyyy-MM-dd", "2026-00-01", ""},
		{Joda, "HH:mm:ss", "24:00:00", ""},
		{Joda, "HH:mm:ss", "23:59:60", "2000-01-02T00:00:00Z"},
		{Java, "yyyy-MM-dd['T'HH:mm[:ss[.SSS]]][XXX]", "2026-12-25", "2026-12-25T00:00:00Z"},
		{Java, "yyyy-MM-dd['T'HH:mm[:ss[.SSS]]][XXX]", "2026-12-25T14:32", "2026-12-25T14:32:00Z"},
		{Java, "yyyy-MM-dd['T'HH:mm[:ss[.SSS]]][XXX]", "2026-12-25T14:32:18.456+02:00", "2026-12-25T12:32:18.456Z"},
		{Java, "yyyy-MM-dd['T'HH:mm[:ss[.SSS]]][XXX]", "2026-12-25T14:3", ""},
		{Java, "uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSX", "2026-12-25T14:32:18.123456789Z", "2026-12-25T14:32:18.123456789Z"},
		{Java, "yyyy-MM-dd HH:mm:ss", "2026-12-25 14:32:18", "2026-12-25T14:32:18Z"},
		{Joda, "h 'o''clock'", "3 o'clock", "2000-01-01T03:00:00Z"},
		{Joda, "yyyy''MM", "2026'12", "2026-12-01T00:00:00Z"},
		{Joda, "yyyy G", "44 BC", "-0043-01-01T00:00:00Z"},
		{Joda, "yyyy-MM-dd", "", ""},
		{Joda, "yyyy-MM-dd", strings.Repeat("2", 300), ""},
	} {
		got, err := mustCompile(t, c.dialect, c.pattern).Parse(c.text, nil)
		text := ""
		if err == nil {
			text = got.Format(time.RFC3339Nano)
		}
		if text != c.want {
			t.Errorf("dialect %d, %q by %q: got %q (%v), want %q", c.dialect, c.text, c.pattern, text, err, c.want)
		}
	}
}

func TestParseInZone(t *testing.T) {
	berlin, err := LoadZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	f := mustCompile(t, Joda, "yyyy-MM-dd HH:mm")
	for text, want := range map[string]string{
		"2026-01-15 12:00": "2026-01-15T11:00:00Z",
		"2026-07-15 12:00": "2026-07-15T10:00:00Z",
	} {
		got, err := f.Parse(text, berlin)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%s: got %v (%v), want %s", text, got, err, want)
		}
	}
	syslog := mustCompile(t, Joda, "MMM d HH:mm:ss")
	if syslog.HasYear() || syslog.HasZone() {
		t.Error("syslog's pattern has neither year nor zone")
	}
	got, err := syslog.ParseInYear("Jul 15 12:00:00", berlin, 2026)
	if err != nil || got.Format(time.RFC3339) != "2026-07-15T10:00:00Z" {
		t.Errorf("got %v (%v)", got, err)
	}
}

func TestLanguages(t *testing.T) {
	for _, c := range []struct{ tag, pattern, text, want string }{
		{"de", "dd. MMMM yyyy", "03. März 2026", "2026-03-03"},
		{"de_AT", "d MMM yyyy", "3 Okt 2026", "2026-10-03"},
		{"de-DE", "EEE, d MMM yyyy", "Di., 3 Dez. 2026", "2026-12-03"},
		{"fr", "d MMMM yyyy", "3 AOÛT 2026", "2026-08-03"},
		{"fr-CA", "d MMM yyyy", "3 févr. 2026", "2026-02-03"},
		{"es", "EEEE d MMMM yyyy", "miércoles 3 septiembre 2026", "2026-09-03"},
		{"it", "d MMM yyyy", "3 giu 2026", "2026-06-03"},
		{"nl", "d MMM yyyy", "3 mrt 2026", "2026-03-03"},
		{"pt-BR", "d MMM yyyy", "3 out 2026", "2026-10-03"},
		{"en-GB", "d MMM yyyy", "3 Oct 2026", "2026-10-03"},
		{"de", "d MMM yyyy", "3 Oct 2026", ""},
	} {
		f, err := CompileLocale(c.pattern, c.tag)
		if err != nil {
			t.Errorf("%s: %v", c.tag, err)
			continue
		}
		got := ""
		if at, err := f.Parse(c.text, nil); err == nil {
			got = at.Format(time.DateOnly)
			if again, err := f.Parse(f.Format(at), nil); err != nil || !again.Equal(at) {
				t.Errorf("%s: %s is written as %s, which is %v (%v)", c.tag, c.text, f.Format(at), again, err)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q by %q: got %q, want %q", c.tag, c.text, c.pattern, got, c.want)
		}
	}
	if _, err := CompileLocale("MMM", "xx"); err == nil || !strings.Contains(err.Error(), "de, en, es, fr, it, nl, pt") {
		t.Errorf("got %v", err)
	}
	for code, l := range languages {
		for _, names := range append(l.months[:], l.days[:]...) {
			if len(names) == 0 {
				t.Errorf("%s lacks a name", code)
			}
		}
	}
}

func TestAppend(t *testing.T) {
	at := time.Date(2026, 2, 3, 4, 5, 6, 7_089_000, time.FixedZone("", 5400))
	for _, c := range []struct {
		dialect       Dialect
		pattern, want string
	}{
		{Joda, "YYYY.MM.dd", "2026.02.03"},
		{Joda, "yy-M-d", "26-2-3"},
		{Joda, "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2026-02-03T04:05:06.007+0130"},
		{Joda, "HH:mm ZZ", "04:05 +01:30"},
		{Java, "HH:mm XXX xx X O", ""},
		{Java, "HH:mm XXX xx X OOOO", "04:05 +01:30 +0130 +0130 GMT+01:30"},
		{Joda, "EEEE, EEE MMMM MMM", "Tuesday, Tue February Feb"},
		{Joda, "xxxx-'W'ww-e DDD", "2026-W06-2 034"},
		{Joda, "h:mm a K kk", "4:05 AM 4 04"},
		{Joda, "SSSSSS", "007089"},
		{Java, "yyyy[-MM]", "2026-02"},
		{Java, "A n", "14706007 7089000"},
	} {
		f, err := compile(c.pattern, c.dialect)
		got := ""
		if err == nil {
			got = string(f.Append([]byte("at "), at))[3:]
		}
		if got != c.want {
			t.Errorf("%s: got %q (%v), want %q", c.pattern, got, err, c.want)
		}
	}
	if got := mustCompile(t, Java, "HH:mmXXX").Format(at.UTC()); got != "02:35Z" {
		t.Errorf("offset zero: got %q", got)
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct {
		dialect       Dialect
		pattern, want string
	}{
		{Joda, "", "empty"},
		{Joda, "yyyy-bb", `column 6: letter 'b'`},
		{Joda, "yyyy 'open", "column 6: quote is not closed"},
		{Java, "yyyy[MM", "not closed"},
		{Java, "yyyy]", "column 5: ] without ["},
		{Java, "XXXXXXX", "7 times"},
		{Java, strings.Repeat("[", 40) + strings.Repeat("]", 40), "inside each other"},
		{Joda, "SSSSSSSSSS", "finest fraction"},
		{Joda, strings.Repeat("-", 2000), "limit"},
	} {
		_, err := compile(c.pattern, c.dialect)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want an error with %q", c.pattern, err, c.want)
		}
	}
	if _, err := Compile("[yyyy]"); err != nil {
		t.Errorf("brackets are plain text to Joda: %v", err)
	}
}

func TestParseErrorPointsAtTheByte(t *testing.T) {
	_, err := mustCompile(t, Joda, "yyyy-MM-dd HH:mm").Parse("2026-12-25X14:32", nil)
	if err == nil || !strings.Contains(err.Error(), "from byte 10 on") {
		t.Errorf("got %v", err)
	}
	_, err = mustCompile(t, Joda, "yyyy-MM-dd").Parse("2026-02-30", nil)
	if err == nil || !strings.Contains(err.Error(), "day out of range") {
		t.Errorf("got %v", err)
	}
}

func TestNoGarbage(t *testing.T) {
	f := mustCompile(t, Joda, "dd/MMM/yyyy:HH:mm:ss Z")
	at, err := f.Parse("17/May/2015:10:05:03 +0200", nil)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 0, 64)
	line := []byte("2026-12-25T14:32:18.456Z")
	for name, work := range map[string]func(){
		"parse":   func() { at, err = f.Parse("17/May/2015:10:05:03 +0200", nil) },
		"append":  func() { buf = f.Append(buf[:0], at) },
		"iso8601": func() { at, _, err = ParseISO8601(line, nil) },
	} {
		if n := testing.AllocsPerRun(100, work); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func FuzzFormat(f *testing.F) {
	for _, pattern := range []string{"yyyy-MM-dd'T'HH:mm:ss.SSSZ", "MMM  d HH:mm:ss", "xxxx-'W'ww-e", "yy[MM[dd]]", "h a z VV", "''''"} {
		f.Add(pattern, "2026-12-25T14:32:18.456Z", int64(1_798_209_138_456))
	}
	f.Fuzz(func(t *testing.T, pattern, text string, millis int64) {
		at := time.UnixMilli(millis % (maxUnixSeconds * 1000)).UTC()
		for _, dialect := range []Dialect{Joda, Java} {
			format, err := compile(pattern, dialect)
			if err != nil {
				continue
			}
			if first, err := format.Parse(text, nil); err == nil && first.Location() != time.UTC {
				t.Errorf("%q by %q is not in UTC", text, pattern)
			}
			format.Append(nil, at)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	f, err := Compile("dd/MMM/yyyy:HH:mm:ss Z")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Parse("17/May/2015:10:05:03 +0000", nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	f, err := Compile("YYYY.MM.dd")
	if err != nil {
		b.Fatal(err)
	}
	at := time.UnixMilli(1_798_209_138_456).UTC()
	buf := make([]byte, 0, 32)
	b.ReportAllocs()
	for b.Loop() {
		buf = f.Append(buf[:0], at)
	}
}

// TestClocksPutForwardAndBack reads times that a zone's clocks leave out, and times that they show twice.
func TestClocksPutForwardAndBack(t *testing.T) {
	for _, c := range []struct{ zone, text, java, joda string }{
		{"Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z", "2026-03-29T00:59:59Z"},
		{"Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29T01:00:00Z", ""},
		{"Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z", ""},
		{"Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"},
		{"Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24T23:59:59Z", "2026-10-24T23:59:59Z"},
		{"Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z"},
		{"Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z"},
		{"America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00Z", ""},
		{"America/New_York", "2026-11-01 01:30:00", "2026-11-01T05:30:00Z", "2026-11-01T05:30:00Z"},
		{"Australia/Lord_Howe", "2026-10-04 02:10:00", "2026-10-03T15:40:00Z", ""},
		{"Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30T22:00:00Z", ""},
		{"Asia/Tokyo", "2026-03-29 02:30:00", "2026-03-28T17:30:00Z", "2026-03-28T17:30:00Z"},
	} {
		loc, err := LoadZone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		for dialect, want := range map[Dialect]string{Java: c.java, Joda: c.joda} {
			compiled, err := compile("yyyy-MM-dd HH:mm:ss", dialect)
			if err != nil {
				t.Fatal(err)
			}
			parse := ParseISO8601[string]
			if dialect == Joda {
				parse = ParseISO8601Joda[string]
			}
			byPattern, err1 := compiled.Parse(c.text, loc)
			byISO, _, err2 := parse(c.text, loc)
			switch {
			case want == "" && (err1 == nil || err2 == nil):
				t.Errorf("%s %s: got %v and %v, want errors", c.zone, c.text, byPattern, byISO)
			case want != "" && (err1 != nil || err2 != nil || byPattern.Format(time.RFC3339) != want || !byISO.Equal(byPattern)):
				t.Errorf("%s %s, dialect %d: got %v (%v) and %v (%v), want %s", c.zone, c.text, dialect, byPattern, err1, byISO, err2, want)
			}
		}
	}
}
