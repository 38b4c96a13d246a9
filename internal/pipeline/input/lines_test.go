package input

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestReadLine(t *testing.T) {
	delimiter := "\n"
	f := func(text string, bufferBytes int, want ...string) {
		t.Helper()
		r := bufio.NewReaderSize(strings.NewReader(text), bufferBytes)
		m := &memory{}
		var got []string
		for {
			line, cut, err := readLine(r, delimiter, m)
			if cut {
				got = append(got, "cut")
			}
			if len(line) > 0 || err == nil {
				got = append(got, string(line[:min(len(line), 20)]))
			}
			if errors.Is(err, io.EOF) {
				break
			}
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("got %q, want %q", got, want)
		}
		if held := m.held.Load(); held != 0 {
			t.Errorf("%d bytes are still counted", held)
		}
	}
	f("a\r\nb\n\nc", 16, "a", "b", "", "c")
	f(strings.Repeat("x", 20)+"y\nz\n", 16, strings.Repeat("x", 20), "z")
	f("", 16)
	f(strings.Repeat("x", maxLineBytes+100)+"\nnext\n", 1<<16, "cut", strings.Repeat("x", 20), "next")
	delimiter = "|;"
	f("a;b|;c\r\n;d|;;|;e", 16, "a;b", "c\r\n;d", ";", "e")
	f(strings.Repeat("x;", 10)+"y|;z|;", 16, strings.Repeat("x;", 10), "z")
	f(strings.Repeat("x", maxLineBytes+100)+";|;next|;", 1<<16, "cut", strings.Repeat("x", 20), "next")
}

func TestLongLinesShareOneBound(t *testing.T) {
	m := &memory{}
	m.held.Store(maxHeldBytes - 100)
	line, cut, err := readLine(bufio.NewReaderSize(strings.NewReader(strings.Repeat("x", 1000)+"\n"), 64), "\n", m)
	if err != nil || !cut || len(line) > 100 {
		t.Errorf("%d bytes, cut %v, %v", len(line), cut, err)
	}
	if held := m.held.Load(); held != maxHeldBytes-100 {
		t.Errorf("%d bytes are held afterwards", held)
	}
}

func TestReadAllIsBounded(t *testing.T) {
	m := &memory{}
	body, err := m.readAll(strings.NewReader(strings.Repeat("x", 10_000)), 20_000)
	if err != nil || len(body) != 10_000 {
		t.Errorf("%d bytes, %v", len(body), err)
	}
	m.held.Store(maxHeldBytes)
	if _, err := m.readAll(strings.NewReader("x"), 10); !errors.Is(err, errHeldTooMuch) {
		t.Errorf("got %v", err)
	}
}
