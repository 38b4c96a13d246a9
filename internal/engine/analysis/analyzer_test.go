package analysis

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

func tokensOf(a Analyzer, text string) string {
	var out []string
	a.Tokens([]byte(text), func(t Token) bool {
		out = append(out, fmt.Sprintf("%s@%d[%d:%d]", t.Bytes, t.Position, t.Start, t.End))
		return true
	})
	return strings.Join(out, " ")
}

func TestStandard(t *testing.T) {
	f, err := os.Open("testdata/standard.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, cases := "", 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		want, isAnswer := strings.CutPrefix(line, "=")
		switch {
		case isAnswer:
			cases++
			if got := tokensOf(Standard, text); got != strings.TrimSpace(want) {
				t.Errorf("%s\n got %s\nwant %s", text, got, strings.TrimSpace(want))
			}
		case line != "" && !strings.HasPrefix(line, "#"):
			text = line
		}
	}
	if cases < 15 {
		t.Fatalf("only %d cases", cases)
	}
}

func TestStandardCutsLongWords(t *testing.T) {
	got := tokensOf(Standard, strings.Repeat("x", 300))
	want := strings.Repeat("x", 255) + "@0[0:255] " + strings.Repeat("x", 45) + "@1[255:300]"
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestOtherAnalyzers(t *testing.T) {
	for _, c := range []struct {
		a          Analyzer
		text, want string
	}{
		{Keyword, "New York", "New York@0[0:8]"},
		{Keyword, "", "@0[0:0]"},
		{Whitespace, " a-B\tc\u00a0d \xff e", "a-B@0[1:4] c\u00a0d@1[5:9] e@2[12:13]"},
		{Simple, "It's 2 QUICK-Foxes", "it@0[0:2] s@1[3:4] quick@2[7:12] foxes@3[13:18]"},
		{Stop, "The quick fox is not here", "quick@1[4:9] fox@2[10:13] here@5[21:25]"},
	} {
		if got := tokensOf(c.a, c.text); got != c.want {
			t.Errorf("%s of %q: %s, want %s", c.a.Name(), c.text, got, c.want)
		}
	}
}

func TestTable(t *testing.T) {
	seen := map[uint32]string{}
	for _, name := range Names() {
		a, err := Find(name)
		if err != nil || a.Name() != name {
			t.Fatalf("%s: %v", name, err)
		}
		if other, ok := seen[a.Version()]; ok {
			t.Errorf("%s and %s have the same version", name, other)
		}
		seen[a.Version()] = name
	}
	if _, err := Find("klingon"); err == nil || !strings.Contains(err.Error(), "[klingon]") || !strings.Contains(err.Error(), "standard") {
		t.Errorf("unknown name: %v", err)
	}
}

func TestTokensCanStop(t *testing.T) {
	for _, a := range table {
		n := 0
		a.Tokens([]byte("one two three"), func(Token) bool { n++; return false })
		if n != 1 {
			t.Errorf("%s yields %d tokens after a stop", a.Name(), n)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"connection-pool", "a_'b.c\xff", "日本語 1,2", "é\u0301", strings.Repeat("x'", 200), "\U0001f600\u200d"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		for _, a := range table {
			end, position := 0, -1
			a.Tokens(text, func(tok Token) bool {
				if tok.Start < end || tok.End < tok.Start || tok.End > len(text) || tok.Position <= position {
					t.Fatalf("%s: %+v after %d, %d", a.Name(), tok, end, position)
				}
				if a != Keyword && (tok.End == tok.Start || !utf8.Valid(tok.Bytes)) {
					t.Fatalf("%s: %+v", a.Name(), tok)
				}
				end, position = tok.End, tok.Position
				return true
			})
		}
		if !bytes.Equal(text, before) {
			t.Fatal("the text was changed")
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	for name, text := range map[string]string{
		"ascii": "2024-05-01T10:00:00Z ERROR api-gateway request 4f3a91 failed: connection pool exhausted after 3,000 ms (user 42)",
		"mixed": "Größe überschritten: 日本語 テスト failed für Anfrage 42, naïve Lösung",
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			raw, n := []byte(text), 0
			for b.Loop() {
				Standard.Tokens(raw, func(Token) bool { n++; return true })
			}
		})
	}
}
