package content

import (
	"strings"
	"testing"

	"elkhorn/internal/event"
)

func redacted(t testing.TB, w Worker, text string) string {
	t.Helper()
	root := event.NewObject()
	root.SetMember("m", event.StringOf(text))
	w.Work(&Record{Root: root, Time: noon})
	v, _ := root.Member("m")
	return v.Text()
}

// TestRedactFinds has what must be found: the part between « and » and nothing else. Numbers are test numbers of their issuers or made up
// with right check digits.
func TestRedactFinds(t *testing.T) {
	w := mustWorker(t, &Redact, `{"detect":["email","phone","card","iban","national_id","api_key","jwt","private_key","credential","ip"],"names":["Ada Lovelace","Zoë","O'Brien","Jean-Luc Picard","Ada"],"mask":"<{kind}>"}`)
	a40 := strings.Repeat("aB3", 20)
	for want, texts := range map[string][]string{
		"email": {"write to «ada@example.com» now", "«a@b.co»", "«first.last+tag@sub.example.co.uk».", "<«x_y@host-1.org»>", "mailto:«jo@example.com»?subject=x", "user=«jo@example.com»&x=1", "«müller@bücher.de»", "'«o'neil@example.com»'",
			"from «a@b.io»,«c@d.io»"},
		"card": {"card «4111 1111 1111 1111» ok", "«4111-1111-1111-1111»", "«4111111111111111»", "pan:«378282246310005»", "«5555555555554444»", "«6011111111111117»", "«3530111333300000»", "«30569309025904»", "«2223003122003222»", "«4222222222222»",
			"«4111 1111 1111 1111» 2026"},
		"phone":       {"call «+49 30 901820» now", "«+1-415-555-2671»", "«+14155552671»", "«(415) 555-2671»", "«415-555-2671»", "«415.555.2671»", "«1-800-555-0199»", "tel=«+442071838750»", "«+33 1 42 68 53 00»"},
		"iban":        {"«DE89370400440532013000»", "to «GB82 WEST 1234 5698 7654 32» today", "«FR1420041010050500013M02606»", "«NL91ABNA0417164300»"},
		"national_id": {"ssn «123-45-6789»", "«123 45 6789»", "SIN «130-692-544»", "CPF «529.982.247-25»", "aadhaar «2341 2341 2346»", "NI «AB123456C»", "«AB 12 34 56 C»", "DNI «12345678Z»", "NIE «X1234567L»", "NIR «255081416802538»", "«1 85 05 78 006 084 91»", "cf «RSSMRA85T10A562S»", "PESEL «44051401359»", "pnr «811228-9874»", "id «11010519491231002X»", "rrn «900101-1234567»"},
		"api_key":     {"key «sk-proj-" + a40 + "»", "«sk-ant-api03-" + a40 + "-AA»", "«ghp_" + a40[:36] + "»", "«github_pat_11ABCDEFG0_" + a40 + "»", "«AKIAIOSFODNN7EXAMPLE»", "«xoxb-123456789012-1234567890123-abcdefABCDEF123456»", "«AIzaSyA1234567890abcdefghijklmnopqrstuv»", "«hf_" + a40[:34] + "»", "«sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc»", "«glpat-ABCdef123456GHIjkl78»", "«npm_" + a40[:36] + "»", "«gsk_" + a40[:52] + "»", "(«sk-1234567890abcdefghijklmnop»)", "«SG." + a40[:22] + "." + a40[:43] + "»"},
		"jwt":         {"«eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c»", "t=«eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.»"},
		"private_key": {"«-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----»", "x «-----BEGIN PRIVATE KEY-----\nMIIEow cut off»", `"«-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----»"`},
		"credential": {"Authorization: Bearer «abc123DEF456»", "authorization: Basic «dXNlcjpwYXNz»", "password=«hunter2» ok", "PASSWORD = «hunter2»", `"password":"«with blanks in it»"`, `{\"password\": \"«x1y2z3»\"}`, "postgres://app:«s3cret»@db:5432/x", "api_key: «f00f00f00»", "?access_token=«zzz»&x=1", `'secret': '«abc»'`,
			"aws_secret_access_key=«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»", `curl -H "X-Api-Key: «1234abcd»"`, "pwd=«x@y!z»"},
		"ip":   {"from «10.1.2.3» port 1", "«2001:db8::1» said", "«192.168.0.1»:8080", "[«::1»]:80"[:0] + "at «fe80::1ff:fe23:4567:890a»."},
		"name": {"Dear «Ada Lovelace», hello", "«ADA  LOVELACE»", "«ada» alone", "«Zoë» came", "by «O'Brien».", "capt. «Jean-Luc Picard»"},
	} {
		for _, text := range texts {
			before, rest, _ := strings.Cut(text, "«")
			var expect strings.Builder
			expect.WriteString(before)
			for rest != "" {
				_, after, _ := strings.Cut(rest, "»")
				before, rest, _ = strings.Cut(after, "«")
				expect.WriteString("<" + want + ">" + before)
				if !strings.Contains(after, "«") {
					rest = ""
				}
			}
			input := strings.NewReplacer("«", "", "»", "").Replace(text)
			if got := redacted(t, w, input); got != expect.String() {
				t.Errorf("%s: %q\ngives %q\nwant  %q", want, input, got, expect.String())
			}
		}
	}
}

// TestRedactLeaves has what must stay.
func TestRedactLeaves(t *testing.T) {
	w := mustWorker(t, &Redact, `{"names":["Ada"]}`)
	for _, text := range []string{
		"", "@", "a@", "@b.com", "user@host", "a@b.c", "1.2.3.4", "5 @ 3.50 each", "git@v2", "npm i @scope/name.js",
		"4111 1111 1111 1112", "1740648735847", "request 12345678901234567890", "order 4111111111111111x", "x4111111111111111", "0000000000000000", "4444444444444448"[:15], "version 1.2.3", "2026-02-27 12:00:00", "2026-02-27T12:00:00.123Z", "12:34:56.789012",
		"id 550e8400-e29b-41d4-a716-446655440000", "trace 4bf92f3577b34da6a3ce929d0e0e4736", "0.4111111111111111", "000-12-3456", "666-12-3456", "900-12-3456", "123-456-7890"[:7], "123-45-67890", "99 12 3456",
		"DE89370400440532013001", "GB00 WEST 1234 5698 7654 32", "DEPLOYMENT12345678", "12345678A", "AB123456E", "QQ123456C",
		"sk-learn-and-other-things-with-dashes", "sk-short1", "AKIAIOSFODNN7EXAMPLEX", "ghp_tooshort1", "eyJub3QganNvbg.x.y", "hf_short", "key-value pairs", "xoxb-",
		"-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----", "the bearer of this letter", "basic training", "password: wrong", "password is wrong", "secret santa", "token=", "tokens_used=150", "password=null", "no password: null", "http://host:8080/path", "http://host/a:b@c"[:17],
		"Adam was here", "MADAME Ada_x", "Ada-like", "latency 415 ms, 555 rows, 2671 bytes", "+1", "+0123456789", "(12) 34", "call 911", "1,234,567,890",
		strings.Repeat("1", 40), strings.Repeat("1-", 40), strings.Repeat(" ", 40), "\x00\xff\xfe@\xff", "日本語のテキスト",
	} {
		if got := redacted(t, w, text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestRedactMethods(t *testing.T) {
	const text = "ada@example.com paid 4111 1111 1111 1111, ADA@example.com again, pan 4111111111111111, from 10.1.2.3, +49 30 901820, password=abc123"
	token := mustWorker(t, &Redact, `{"method":"token","key":"0123456789abcdef","detect":["email","card"]}`)
	got := redacted(t, token, text)
	words := strings.Fields(strings.ReplaceAll(got, ",", ""))
	if words[0] != words[3] || !strings.HasPrefix(words[0], "email_") || len(words[0]) != len("email_")+24 {
		t.Errorf("the same address has not the same token: %s", got)
	}
	if words[2] != words[6] || !strings.HasPrefix(words[2], "card_") {
		t.Errorf("the same card has not the same token: %s", got)
	}
	other := mustWorker(t, &Redact, `{"method":"token","key":"another key 0123","detect":["email","card"]}`)
	if redacted(t, other, text) == got {
		t.Error("another key gives the same tokens")
	}
	for options, want := range map[string]string{
		`{"method":"partial","detect":["email","card","phone","ip","credential"]}`: "***@example.com paid **** **** **** 1111, ***@example.com again, pan ************1111, from 10.1.2.0, +** ** **1820, password=[credential]",
		`{"method":"remove","detect":["email","card"]}`:                            " paid ,  again, pan , from 10.1.2.3, +49 30 901820, password=abc123",
		`{"mask":"XXX","detect":["credential"]}`:                                   "ada@example.com paid 4111 1111 1111 1111, ADA@example.com again, pan 4111111111111111, from 10.1.2.3, +49 30 901820, password=XXX",
	} {
		if got := redacted(t, mustWorker(t, &Redact, options), text); got != want {
			t.Errorf("%s gives\n%s\nwant\n%s", options, got, want)
		}
	}
}

// TestRedactEndsOnHostileText: what is hostile takes no longer than what is not, and comes to an end.
func TestRedactEndsOnHostileText(t *testing.T) {
	w := mustWorker(t, &Redact, `{"detect":["email","phone","card","iban","national_id","api_key","jwt","private_key","credential","ip"],"names":["a b c d e f"]}`)
	for _, piece := range []string{"@", "a@", "1 ", "1-", "+", "(", "eyJ.", "-----BEGIN PRIVATE KEY-----", "://a:", "password=", "password=\"", "sk-", "Bearer ", "DE89", "a b c d e ", "\xff", "aaaaaaaaaaaaaaaa@", "AB 12 34 ", ":::::::", "é", "1.1.1."} {
		text := strings.Repeat(piece, 256<<10/len(piece))
		if got := redacted(t, w, text); len(got) > 20*len(text) {
			t.Errorf("%q grows from %d to %d bytes", piece, len(text), len(got))
		}
	}
	long := strings.Repeat("-----BEGIN ", 1<<20) // one line: looking for its end at each place would take minutes
	if got := redacted(t, w, long); got != long {
		t.Errorf("%d bytes became %d", len(long), len(got))
	}
}

// TestRedactFault: an event that a fault of ours stops at keeps no text, and the fault is told.
func TestRedactFault(t *testing.T) {
	w := mustWorker(t, &Redact, `{}`).(*redactor)
	w.fields = []Field{{}} // which names nothing, and no configuration can make
	root, err := event.ParseJSON([]byte(`{"first":"it is ada@example.com","n":4111111111111111,"list":["x",true,{"a":null,"b":"y"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if fault := recover(); fault == nil {
			t.Error("nobody hears of the fault")
		}
		if got, want := string(root.AppendJSON(nil)), `{"first":"[unread]","n":"[unread]","list":["[unread]",true,{"a":null,"b":"[unread]"}]}`; got != want {
			t.Errorf("left is %s, want %s", got, want)
		}
	}()
	w.Work(&Record{Root: root, Time: noon})
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{"ada@example.com 4111 1111 1111 1111", "password=\"x", "+49 (0) 30", "eyJhbGciOiJIUzI1NiJ9.e30.x", "-----BEGIN PRIVATE KEY-----", "http://a:b@c", "DE89 3704 0044 0532 0130 00", "it is ada-→ '… '\xb8 .🙂"} {
		f.Add(s)
	}
	w := mustWorker(f, &Redact, `{"detect":["email","phone","card","iban","national_id","api_key","jwt","private_key","credential","ip"],"names":["ada lovelace"],"method":"remove"}`)
	f.Fuzz(func(t *testing.T, text string) {
		if got := redacted(t, w, text); len(got) > len(text) {
			t.Fatalf("%q grows to %q", text, got)
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	w := mustWorker(b, &Redact, `{"names":["Ada Lovelace"]}`)
	for name, text := range map[string]string{
		"clean":  strings.Repeat("2026-02-27T12:00:00.123Z INFO tool search_flights answered 200 in 153 ms for session 8f3a2b, cache miss, 12 rows. ", 5),
		"mixed":  "user ada@example.com asked to charge 4111 1111 1111 1111 with key sk-proj-" + strings.Repeat("aB3", 20) + " and phone +49 30 901820; the rest of the prompt is plain text about flights and hotels in Lisbon. ",
		"prompt": strings.Repeat("Explain how a transformer attends to the tokens of a long document, and what the cost of attention is. ", 40),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				root := event.NewObject()
				root.SetMember("m", event.StringOf(text))
				w.Work(&Record{Root: root, Time: noon})
			}
		})
	}
}

// TestRedactTwice: what an earlier filter has redacted is neither redacted nor counted again, whatever the method; what only looks like it is.
func TestRedactTwice(t *testing.T) {
	const all = `{"m":"bob@example.org 4111 1111 1111 1111 Authorization: Bearer abc123DEF456 password=hunter2 postgres://app:s3cret@db/x","password":"x","list":["sk-ant-api03-aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3"]}`
	for _, options := range []string{`{}`, `{"mask":"***"}`, `{"mask":"<{kind}>"}`, `{"method":"token","key":"0123456789abcdef"}`, `{"method":"partial"}`} {
		w := mustWorker(t, &Redact, options)
		root, err := event.ParseJSON([]byte(all))
		if err != nil {
			t.Fatal(err)
		}
		w.Work(&Record{Root: root, Time: noon})
		once := string(root.AppendJSON(nil))
		w.Work(&Record{Root: root, Time: noon})
		if twice := string(root.AppendJSON(nil)); twice != once || strings.Contains(once, "hunter2") || !strings.Contains(once, `"credential":4`) {
			t.Errorf("%s: once\n%s\ntwice\n%s", options, once, twice)
		}
	}
	w := mustWorker(t, &Redact, `{"mask":"***"}`)
	for _, text := range []string{"password=***hunter2", `{"password":"*** is not all"}`} {
		if got := redacted(t, w, text); strings.Contains(got, "hunter2") || strings.Contains(got, "not all") {
			t.Errorf("%s is left as %s", text, got)
		}
	}
}
