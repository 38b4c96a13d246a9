package filter_test

import (
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

// nameServer answers on a port of its own from what it knows: names and, in the arpa form, addresses. It does not answer
// questions about names that begin with "silent".
type nameServer struct {
	address string
	asked   atomic.Int64
}

func newNameServer(t *testing.T, known map[string]string) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &nameServer{address: conn.LocalAddr().String()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := s.reply(buf[:n], known); reply != nil {
				conn.WriteTo(reply, from) // a reply that gets lost is what the filter's retries are for
			}
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	return s
}

func (s *nameServer) reply(query []byte, known map[string]string) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil || len(m.Questions) != 1 {
		return nil
	}
	s.asked.Add(1)
	q := m.Questions[0]
	name := q.Name.String()
	if strings.HasPrefix(name, "silent") {
		return nil
	}
	m.Header = dnsmessage.Header{ID: m.ID, Response: true, Authoritative: true, RecursionAvailable: true}
	m.Additionals = nil
	header := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}
	value, ok := known[name]
	switch {
	case !ok:
		m.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypePTR:
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.PTRResource{PTR: dnsmessage.MustNewName(value)}})
	default:
		a := netip.MustParseAddr(value)
		switch {
		case q.Type == dnsmessage.TypeA && a.Is4():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: a.As4()}})
		case q.Type == dnsmessage.TypeAAAA && a.Is6():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	packed, err := m.Pack()
	if err != nil {
		return nil
	}
	return packed
}

var knownNames = map[string]string{
	"web-1.shop.test.": "192.0.2.10", "six.shop.test.": "2001:db8::6", "10.2.0.192.in-addr.arpa.": "web-1.shop.test.",
	"11.2.0.192.in-addr.arpa.": "xn--bcher-kva.shop.test.",
}

func TestDNS(t *testing.T) {
	s := newNameServer(t, knownNames)
	f := func(options, in, want string, outcome pipeline.Outcome) {
		t.Helper()
		// the long wait is for a loaded machine; it is not waited for where the server answers
		made, _, err := build(t, testEnv(t), `dns { nameserver => { address => "`+s.address+`" search => "shop.test" } timeout => 30 `+options+` }`)
		if err != nil {
			t.Fatal(err)
		}
		v, err := event.ParseJSON([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		ev := event.FromObject(v, testNow)
		if got := made.Filter(ev, nil); got != outcome || string(ev.Fields().AppendJSON(nil)) != want {
			t.Errorf("%s of %s: got %v %s, want %v %s", options, in, got, ev.Fields().AppendJSON(nil), outcome, want)
		}
	}
	f(`resolve => "h" action => "replace"`, `{"h":"web-1.shop.test"}`, `{"h":"192.0.2.10"}`, pipeline.Matched)
	f(`resolve => ["h"]`, `{"h":"web-1.shop.test"}`, `{"h":["web-1.shop.test","192.0.2.10"]}`, pipeline.Matched)
	f(`resolve => ["h"] action => "replace"`, `{"h":["six.shop.test."]}`, `{"h":["2001:db8::6"]}`, pipeline.Matched)
	f(`resolve => ["h"] action => "replace"`, `{"h":"web-1"}`, `{"h":"192.0.2.10"}`, pipeline.Matched) // with the search domain
	f(`resolve => ["h"] action => "replace"`, `{"h":"10.0.0.1"}`, `{"h":"10.0.0.1"}`, pipeline.Matched)
	f(`reverse => ["[a][ip]"] action => "replace"`, `{"a":{"ip":"192.0.2.10"}}`, `{"a":{"ip":"web-1.shop.test"}}`, pipeline.Matched)
	f(`reverse => ["ip"]`, `{"ip":"192.0.2.11"}`, `{"ip":["192.0.2.11","bücher.shop.test"]}`, pipeline.Matched)
	f(`reverse => ["missing", "ip"] action => "replace"`, `{"ip":"192.0.2.10"}`, `{"ip":"web-1.shop.test"}`, pipeline.Matched)
	// what has no answer stays, and ends the work on the event
	f(`reverse => ["a", "b"] action => "replace"`, `{"a":"192.0.2.99","b":"192.0.2.10"}`, `{"a":"192.0.2.99","b":"192.0.2.10"}`, pipeline.Unmatched)
	f(`reverse => ["a"]`, `{"a":"web-1"}`, `{"a":"web-1"}`, pipeline.Unmatched)
	f(`resolve => ["a"]`, `{"a":["x","y"]}`, `{"a":["x","y"]}`, pipeline.Unmatched)
	f(`resolve => ["a"]`, `{"a":7}`, `{"a":7}`, pipeline.Unmatched)
	f(`resolve => ["a"]`, `{"a":"`+strings.Repeat("x", 300)+`"}`, `{"a":"`+strings.Repeat("x", 300)+`"}`, pipeline.Unmatched)
	f(`resolve => ["a"]`, `{"a":""}`, `{"a":""}`, pipeline.Unmatched)
}

// TestDNSTimeout asks a server that does not answer.
func TestDNSTimeout(t *testing.T) {
	s := newNameServer(t, map[string]string{})
	made := mustBuild(t, `dns { resolve => ["h"] nameserver => ["`+s.address+`"] timeout => 0.05 max_retries => 1 failed_cache_size => 10 tag_on_timeout => ["late"] }`)
	for _, tagged := range []bool{true, false} { // the second time from the cache of failures, without a tag, as in Logstash
		ev := event.New(testNow)
		ev.Set(event.MustPath("h"), event.StringOf("silent.shop.test"))
		if got := made.Filter(ev, nil); got != pipeline.Unmatched || ev.HasTag("late") != tagged {
			t.Errorf("got %v %s, want the tag %v", got, ev.Fields().AppendJSON(nil), tagged)
		}
	}
}

func TestDNSCache(t *testing.T) {
	s := newNameServer(t, knownNames)
	env := testEnv(t)
	now := testNow
	env.Now = func() time.Time { return now }
	made, _, err := build(t, env, `dns { reverse => ["ip"] action => "replace" nameserver => "`+s.address+`" timeout => 30 hit_cache_size => 10 hit_cache_ttl => 60 }`)
	if err != nil {
		t.Fatal(err)
	}
	ask := func() int64 {
		t.Helper()
		before := s.asked.Load()
		ev := event.New(now)
		ev.Set(event.MustPath("ip"), event.StringOf("192.0.2.10"))
		made.Filter(ev, nil)
		if v, _ := ev.Get(event.MustPath("ip")); v.Str() != "web-1.shop.test" {
			t.Errorf("got %s", v.Text())
		}
		return s.asked.Load() - before
	}
	if ask() == 0 || ask() != 0 {
		t.Error("the answer is not kept")
	}
	now = now.Add(61 * time.Second)
	if ask() == 0 {
		t.Error("the answer is kept for too long")
	}
}
