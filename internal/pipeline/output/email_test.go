package output

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"strings"
	"sync"
	"testing"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// mailServer takes mails and keeps what was said. reply can answer a command by its first word; "" is the usual answer, and "close"
// closes the connection.
type mailServer struct {
	mu    sync.Mutex
	said  []string // commands
	mails []string
	tls   *tls.Config // speaks TLS from the beginning
	reply func(n int, verb string) string
}

func startMailServer(t *testing.T, s *mailServer) net.Addr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for n := 0; ; n++ {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if s.tls != nil {
				conn = tls.Server(conn, s.tls)
			}
			s.serve(conn, n)
		}
	}()
	return l.Addr()
}

func (s *mailServer) serve(conn net.Conn, n int) {
	defer func() { _ = conn.Close() }()
	r := bufio.NewReader(conn)
	say := func(text string) { _, _ = io.WriteString(conn, text+"\r\n") }
	say("220 hello")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		s.mu.Lock()
		s.said = append(s.said, strings.TrimSpace(line))
		own := ""
		if s.reply != nil {
			own = s.reply(n, verb)
		}
		s.mu.Unlock()
		switch {
		case own == "close":
			return
		case own != "":
			say(own)
		case verb == "EHLO":
			say("250-hello\r\n250 AUTH PLAIN LOGIN")
		case verb == "AUTH" && strings.TrimSpace(line) == "AUTH LOGIN":
			for _, question := range []string{"Username:", "Password:"} {
				say("334 " + base64.StdEncoding.EncodeToString([]byte(question)))
				answer, err := r.ReadString('\n')
				if err != nil {
					return
				}
				s.mu.Lock()
				s.said = append(s.said, strings.TrimSpace(answer))
				s.mu.Unlock()
			}
			say("235 welcome")
		case verb == "AUTH":
			say("235 welcome")
		case verb == "QUIT":
			say("221 bye")
			return
		case verb == "DATA":
			say("354 go on")
			var text strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				text.WriteString(strings.TrimPrefix(line, "."))
			}
			s.mu.Lock()
			s.mails = append(s.mails, text.String())
			s.mu.Unlock()
			say("250 taken")
		default:
			say("250 fine")
		}
	}
}

func buildEmail(t *testing.T, addr net.Addr, options ...plugin.Pair) (pipeline.Output, *letters, vfs.FS) {
	t.Helper()
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		t.Fatal(err)
	}
	env, kept := testEnv()
	out, _, err := Table.Build(env, &plugin.BlockConfig{Name: "email", Options: append(options, text("address", host), text("port", port))})
	if err != nil {
		t.Fatal(err)
	}
	return out, kept, env.FS
}

func TestEmail(t *testing.T) {
	s := &mailServer{}
	out, kept, fs := buildEmail(t, startMailServer(t, s), text("to", "Ann <ann@example.org>, %{who}@example.org"), text("cc", "c@example.org"), text("bcc", "hidden@example.org"), text("from", "log@example.org"),
		text("replyto", "r@example.org"), text("subject", "Übel: %{message}"), text("body", `first\n.second %{message}`), text("htmlbody", "<b>%{message}</b>"), text("username", "u"), text("password", "p"),
		text("attachments", "/file.txt"))
	if err := vfs.WriteFileAtomic(fs, "/file.txt", []byte(strings.Repeat("content", 20))); err != nil {
		t.Fatal(err)
	}
	if err := out.Write(t.Context(), []*event.Event{doc(t, `{"who":"bob","message":"disk\r\nBcc: evil@example.org"}`)}); err != nil {
		t.Fatal(err)
	}
	if len(s.mails) != 1 || len(kept.kept) != 0 {
		t.Fatalf("%d mails, dead letters %+v", len(s.mails), kept.kept)
	}
	said := strings.Join(s.said, "\n")
	for _, want := range []string{"EHLO localhost", "AUTH PLAIN AHUAcA==", "MAIL FROM:<log@example.org>", "RCPT TO:<ann@example.org>", "RCPT TO:<bob@example.org>", "RCPT TO:<c@example.org>", "RCPT TO:<hidden@example.org>"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q was not said in\n%s", want, said)
		}
	}
	m, err := mail.ReadMessage(strings.NewReader(s.mails[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Übel: disk  Bcc: evil@example.org" || m.Header.Get("Bcc") != "" || m.Header.Get("To") != `"Ann" <ann@example.org>, <bob@example.org>` || m.Header.Get("Date") != "Thu, 15 Jan 2026 12:00:00 +0000" {
		t.Errorf("subject %q, header %v, %v", subject, m.Header, err)
	}
	if got, want := parts(t, m.Header.Get("Content-Type"), m.Body), "[[first\r\n.second disk\r\nBcc: evil@example.org][<b>disk\r\nBcc: evil@example.org</b>]][Y29udGVudGNv"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q", got)
	}
}

// parts shows the parts of a mail in brackets.
func parts(t *testing.T, contentType string, body io.Reader) string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	shown := ""
	for r := multipart.NewReader(body, params["boundary"]); ; {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return shown
		}
		if err != nil {
			t.Fatal(err)
		}
		shown += "[" + parts(t, part.Header.Get("Content-Type"), part) + "]"
	}
}

func TestEmailPlain(t *testing.T) {
	s := &mailServer{}
	out, _, _ := buildEmail(t, startMailServer(t, s), text("to", "a@example.org"), text("body", "%{message}"))
	if err := out.Write(t.Context(), []*event.Event{doc(t, `{"message":"ü = 1\n.\nend"}`)}); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(s.mails[0]))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || strings.TrimSpace(string(text)) != "ü = 1\r\n.\r\nend" {
		t.Errorf("got %q, %v", text, err)
	}
}

// TestEmailFailures: a server that is busy or breaks off gets the mail again; what it refuses for good, and an event without an address, is
// a dead letter.
func TestEmailFailures(t *testing.T) {
	f := func(to string, wantMails, wantLetters, wantStatus int, reply func(n int, verb string) string) {
		t.Helper()
		s := &mailServer{reply: reply}
		out, kept, _ := buildEmail(t, startMailServer(t, s), text("to", "%{to}"))
		if err := out.Write(t.Context(), []*event.Event{doc(t, fmt.Sprintf(`{"to":%q}`, to))}); err != nil {
			t.Fatal(err)
		}
		if len(s.mails) != wantMails || len(kept.kept) != wantLetters || wantLetters > 0 && kept.kept[0].Status != wantStatus {
			t.Errorf("%d mails, dead letters %+v", len(s.mails), kept.kept)
		}
	}
	once := func(verb, answer string) func(int, string) string {
		return func(n int, v string) string {
			if n == 0 && v == verb {
				return answer
			}
			return ""
		}
	}
	f("a@example.org", 1, 0, 0, once("RCPT", "451 try later"))
	f("a@example.org", 1, 0, 0, once("MAIL", "close"))
	f("a@example.org", 1, 0, 0, once("EHLO", "close"))
	f("a@example.org", 0, 1, 550, once("RCPT", "550 no such user"))
	f("not an address", 0, 1, 0, nil)
	f("", 0, 1, 0, nil)
	env, _ := testEnv()
	if _, _, err := Table.Build(env, &plugin.BlockConfig{Name: "email", Options: []plugin.Pair{text("to", "nobody at all")}}); err == nil || !strings.Contains(err.Error(), "is no address") {
		t.Errorf("got %v", err)
	}
	gone := build(t, env, "email", "to", "a@example.org", "address", "127.0.0.1", "port", "1")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := gone.Write(ctx, numbered(t, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestEmailLogin: a login that the server does not take is told and tried again: the mails are no dead letters, as they would all be.
func TestEmailLogin(t *testing.T) {
	s := &mailServer{}
	for i, refusal := range []struct{ verb, answer string }{{"AUTH", "535 wrong password"}, {"AUTH", "534 another mechanism"}, {"MAIL", "530 log in first"}} {
		s := &mailServer{reply: func(n int, verb string) string {
			if n == 0 && verb == refusal.verb {
				return refusal.answer
			}
			return ""
		}}
		out, kept, _ := buildEmail(t, startMailServer(t, s), text("to", "a@example.org"), text("username", "u"), text("password", "p"))
		var log bytes.Buffer
		out.(*mailer).env.Logger = slog.New(slog.NewTextHandler(&log, nil))
		if err := out.Write(t.Context(), numbered(t, 1)); err != nil {
			t.Fatal(err)
		}
		if len(s.mails) != 1 || len(kept.kept) != 0 || !strings.Contains(log.String(), refusal.answer[4:]) {
			t.Errorf("%d: %d mails, dead letters %+v, log %s", i, len(s.mails), kept.kept, &log)
		}
	}
	out, _, _ := buildEmail(t, startMailServer(t, s), text("to", "a@example.org"), text("username", "u"), text("password", "p"), text("authentication", "login"))
	if err := out.Write(t.Context(), numbered(t, 2)); err != nil {
		t.Fatal(err)
	}
	if said := strings.Join(s.said, " "); len(s.mails) != 2 || strings.Count(said, "AUTH LOGIN dQ== cA==") != 2 {
		t.Errorf("%d mails; the server heard %q", len(s.mails), said)
	}
	env, _ := testEnv()
	far := build(t, env, "email", "to", "a@example.org", "address", "mail.example.org", "username", "u", "password", "p", "authentication", "login").(*mailer)
	if _, _, err := far.auth().Start(&smtp.ServerInfo{Name: "mail.example.org", Auth: []string{"LOGIN"}}); err == nil {
		t.Error("a password is told to another machine without TLS")
	}
}

// TestEmailImplicitTLS: at port 465 the connection is encrypted from its first byte on.
func TestEmailImplicitTLS(t *testing.T) {
	env, _ := testEnv()
	for _, port := range []string{"465", "587"} {
		made := build(t, env, "email", "to", "a@example.org", "port", port, "use_tls", "true").(*mailer)
		if made.implicit != (port == "465") || !made.startTLS {
			t.Errorf("port %s: %+v", port, made)
		}
	}
	s := &mailServer{tls: certificateFiles(t, env.FS)}
	out, kept, _ := buildEmail(t, startMailServer(t, s), text("to", "a@example.org"), text("username", "u"), text("password", "p"))
	m := out.(*mailer)
	m.implicit, m.secure.RootCAs = true, x509.NewCertPool()
	authority, err := x509.ParseCertificate(s.tls.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	m.secure.RootCAs.AddCert(authority)
	if err := out.Write(t.Context(), numbered(t, 1)); err != nil {
		t.Fatal(err)
	}
	if len(s.mails) != 1 || len(kept.kept) != 0 {
		t.Errorf("%d mails, dead letters %+v", len(s.mails), kept.kept)
	}
}
