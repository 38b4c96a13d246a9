package output

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

var email = pipeline.OutputSpec{
	Name:    "email",
	Summary: "Sends each event as a mail. Put it behind a condition.",
	Options: []plugin.Option{
		{Name: "to", Kind: plugin.String, Required: true, Help: "Addresses, separated by commas; may hold %{references}, as all texts of the mail."},
		{Name: "from", Kind: plugin.String, Default: "logstash.alert@example.com", Help: "Sender."},
		{Name: "replyto", Kind: plugin.String, Help: "Where answers go."},
		{Name: "cc", Kind: plugin.String, Help: "Addresses that get a copy."}, {Name: "bcc", Kind: plugin.String, Help: "Addresses that get a copy without being named."},
		{Name: "subject", Kind: plugin.String, Help: "Subject."},
		{Name: "body", Kind: plugin.String, Help: `Text; \n is a line end.`},
		{Name: "htmlbody", Kind: plugin.String, Help: "The same in HTML. Values of events are put in as they are."},
		{Name: "attachments", Kind: plugin.Strings, Help: "Files to attach."},
		{Name: "via", Kind: plugin.String, Default: "smtp", Allowed: []string{"smtp"}, Help: "Only smtp."},
		{Name: "address", Kind: plugin.String, Default: "localhost", Help: "The mail server."}, {Name: "port", Kind: plugin.Integer, Default: 25, Help: "Its port."},
		{Name: "domain", Kind: plugin.String, Default: "localhost", Help: "Name that this machine greets with."},
		{Name: "username", Kind: plugin.String, Help: "User to log in as; without TLS only on this machine."}, {Name: "password", Kind: plugin.Password, Help: "Password to log in with."},
		{Name: "authentication", Kind: plugin.String, Default: "plain", Allowed: []string{"plain", "login", "cram_md5"}, Help: "How to log in."},
		{Name: "use_tls", Kind: plugin.Boolean, Help: "Encrypt the connection (STARTTLS); a server that does not offer that gets nothing. At port 465 the connection is encrypted from its beginning, with or without this."},
		{Name: "contenttype", Kind: plugin.String, Ignored: "texts are UTF-8, plain or HTML"}, {Name: "debug", Kind: plugin.Boolean, Ignored: "what fails is told in the log"},
		{Name: "codec", Kind: plugin.Codec, Ignored: "body and htmlbody say how events are written"},
		{Name: "template_file", Kind: plugin.Path, Unsupported: "Mustache templates are not read; use htmlbody"},
	},
	New: newEmail,
}

const (
	maxAttachmentBytes = 25 << 20 // what mail servers usually take
	mailTimeout        = time.Minute
	smtpsPort          = 465 // RFC 8314: TLS from the beginning
)

type mailer struct {
	env             *pipeline.Env
	address, server string
	domain          string
	auth            func() smtp.Auth // for one connection; nil for none
	startTLS        bool
	secure          *tls.Config
	implicit        bool // TLS from the first byte on
	texts           map[string]*event.Template
	attachments     []string
}

// mailTexts are the options that may hold references.
var mailTexts = []string{"to", "from", "replyto", "cc", "bcc", "subject", "body", "htmlbody"}

func newEmail(env *pipeline.Env, s *plugin.Settings) (pipeline.Output, error) {
	m := &mailer{env: env, server: s.String("address"), address: net.JoinHostPort(s.String("address"), strconv.FormatInt(s.Int("port"), 10)), domain: s.String("domain"),
		startTLS: s.Bool("use_tls"), implicit: s.Int("port") == smtpsPort, secure: &tls.Config{ServerName: s.String("address"), MinVersion: tls.VersionTLS12}, texts: map[string]*event.Template{}, attachments: s.Strings("attachments")}
	for _, option := range mailTexts {
		text := s.String(option)
		if option == "body" {
			text = strings.ReplaceAll(text, `\n`, "\n")
		}
		var err error
		if m.texts[option], err = event.CompileTemplate(text); err != nil {
			return nil, s.Errorf(option, "%v", err)
		}
		if fixed, ok := m.texts[option].Constant(); ok && fixed != "" && strings.Contains("to from replyto cc bcc", option) {
			if _, err := mail.ParseAddressList(fixed); err != nil {
				return nil, s.Errorf(option, "%q is no address: %v", fixed, err)
			}
		}
	}
	if s.Has("username") {
		user, password := s.String("username"), s.String("password")
		plain := smtp.PlainAuth("", user, password, s.String("address"))
		m.auth = func() smtp.Auth { return plain }
		switch s.String("authentication") {
		case "cram_md5":
			m.auth = func() smtp.Auth { return smtp.CRAMMD5Auth(user, password) }
		case "login":
			m.auth = func() smtp.Auth { return &loginAuth{user: user, password: password, plain: plain} }
		}
	}
	return m, nil
}

// loginAuth is the LOGIN mechanism, which has no standard: the server asks twice, first for the user, then for the password.
type loginAuth struct {
	user, password string
	plain          smtp.Auth // knows whether a password may be told to the server
	asked          int
}

// Start begins, where PLAIN may.
func (a *loginAuth) Start(server *smtp.ServerInfo) (mechanism string, first []byte, _ error) {
	_, _, err := a.plain.Start(server)
	return "LOGIN", nil, err
}

// Next answers the server's questions by their order: their words differ.
func (a *loginAuth) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	switch a.asked++; a.asked {
	case 1:
		return []byte(a.user), nil
	case 2:
		return []byte(a.password), nil
	}
	return nil, errors.New("the server asks for more than user and password")
}

// aboutLogin says that a refusal is about who sends, and would be the same for every mail (RFC 4954).
func aboutLogin(code int) bool {
	switch code {
	case 530, 534, 535, 538: // log in first; another mechanism; wrong user or password; not without TLS
		return true
	}
	return false
}

// Write sends a mail for each event. A server that is not there, busy (4xx), or does not take the login is tried again; what it refuses for
// good (5xx), and an event whose values make no address, is a dead letter.
func (m *mailer) Write(ctx context.Context, events []*event.Event) error {
	for _, ev := range events {
		retry := newBackoff()
		for {
			err := m.send(ctx, ev)
			if err == nil {
				break
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			var refused *textproto.Error
			var bad *badMail
			if errors.As(err, &bad) || errors.As(err, &refused) && refused.Code >= 500 && !aboutLogin(refused.Code) {
				letter := pipeline.DeadLetter{Time: m.env.Now(), Reason: "mail: " + err.Error(), Event: ev}
				if refused != nil {
					letter.Status = refused.Code
				}
				if err := bury(ctx, m.env, []pipeline.DeadLetter{letter}); err != nil {
					return err
				}
				break
			}
			m.env.Logger.Warn("cannot send a mail; trying again", "server", m.address, "error", err)
			if err := retry.wait(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// badMail is an event that makes no mail.
type badMail struct{ err error }

func (b *badMail) Error() string { return b.err.Error() }

func (m *mailer) text(option string, ev *event.Event) string { return m.texts[option].Expand(ev) }

func (m *mailer) addresses(option string, ev *event.Event) ([]*mail.Address, error) {
	text := headerText(m.text(option, ev))
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	list, err := mail.ParseAddressList(text)
	if err != nil {
		return nil, &badMail{fmt.Errorf("%s %q: %w", option, text, err)}
	}
	return list, nil
}

func (m *mailer) send(ctx context.Context, ev *event.Event) (err error) {
	from, err := m.addresses("from", ev)
	if err != nil {
		return err
	}
	var receivers []string
	for _, option := range []string{"to", "cc", "bcc"} {
		list, err := m.addresses(option, ev)
		if err != nil {
			return err
		}
		for _, a := range list {
			receivers = append(receivers, a.Address)
		}
	}
	if len(receivers) == 0 || len(from) != 1 {
		return &badMail{errors.New("the mail has no receiver, or not one sender")}
	}
	message, err := m.message(ev)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", m.address)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // in the past: whatever waits returns
	defer stop()
	if m.implicit {
		secure := tls.Client(conn, m.secure)
		if err := secure.HandshakeContext(ctx); err != nil {
			return errors.Join(fmt.Errorf("encrypt: %w", err), conn.Close())
		}
		conn = secure
	}
	c, err := smtp.NewClient(conn, m.server)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	if err := m.exchange(c, from[0].Address, receivers, message); err != nil {
		return errors.Join(err, c.Close())
	}
	if err := c.Quit(); err != nil { // the mail is with the server already
		m.env.Logger.Debug("the mail server did not say goodbye", "server", m.address, "error", err)
	}
	return nil
}

func (m *mailer) exchange(c *smtp.Client, from string, receivers []string, message []byte) error {
	if err := c.Hello(m.domain); err != nil {
		return err
	}
	if m.startTLS && !m.implicit {
		if err := c.StartTLS(m.secure); err != nil {
			return fmt.Errorf("encrypt: %w", err)
		}
	}
	if m.auth != nil {
		if err := c.Auth(m.auth()); err != nil {
			return fmt.Errorf("log in: %w", err)
		}
	}
	if err := c.Mail(from); err != nil {
		return err
	}
	for _, to := range receivers {
		if err := c.Rcpt(to); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	_, err = w.Write(message)
	return errors.Join(err, w.Close())
}

// message writes the mail: a text, or a text and HTML, and attachments.
func (m *mailer) message(ev *event.Event) ([]byte, error) {
	var b bytes.Buffer
	for _, h := range [][2]string{{"From", "from"}, {"To", "to"}, {"Cc", "cc"}, {"Reply-To", "replyto"}} {
		list, err := m.addresses(h[1], ev)
		if err != nil {
			return nil, err
		}
		for i, a := range list {
			separator := ",\r\n "
			if i == 0 {
				separator = h[0] + ": "
			}
			fmt.Fprintf(&b, "%s%s", separator, a)
		}
		if len(list) > 0 {
			b.WriteString("\r\n")
		}
	}
	fmt.Fprintf(&b, "Subject: %s\r\nDate: %s\r\nMIME-Version: 1.0\r\n", mime.QEncoding.Encode("utf-8", headerText(m.text("subject", ev))), m.env.Now().Format(time.RFC1123Z))
	header, content, err := m.content(ev)
	if err != nil {
		return nil, err
	}
	if len(m.attachments) == 0 {
		writeHeader(&b, header)
		return append(b.Bytes(), content...), nil
	}
	mixed := multipart.NewWriter(&b)
	writeHeader(&b, textproto.MIMEHeader{"Content-Type": {"multipart/mixed; boundary=" + mixed.Boundary()}})
	if err := writePart(mixed, header, content); err != nil {
		return nil, err
	}
	for _, path := range m.attachments {
		file, err := vfs.ReadFile(m.env.FS, m.env.ResolvePath(path), maxAttachmentBytes)
		if err != nil {
			return nil, &badMail{fmt.Errorf("attach: %w", err)}
		}
		header := textproto.MIMEHeader{"Content-Type": {"application/octet-stream"}, "Content-Transfer-Encoding": {"base64"},
			"Content-Disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": filepath.Base(path)})}}
		if err := writePart(mixed, header, base64Lines(file)); err != nil {
			return nil, err
		}
	}
	if err := mixed.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// content is the mail's text or, with HTML, both as alternatives.
func (m *mailer) content(ev *event.Event) (textproto.MIMEHeader, []byte, error) {
	header, text, err := quotedPart("text/plain", m.text("body", ev))
	if html := m.text("htmlbody", ev); err == nil && html != "" {
		htmlHeader, htmlText, err := quotedPart("text/html", html)
		if err != nil {
			return nil, nil, err
		}
		var b bytes.Buffer
		both := multipart.NewWriter(&b)
		if err := errors.Join(writePart(both, header, text), writePart(both, htmlHeader, htmlText), both.Close()); err != nil {
			return nil, nil, err
		}
		return textproto.MIMEHeader{"Content-Type": {"multipart/alternative; boundary=" + both.Boundary()}}, b.Bytes(), nil
	}
	return header, text, err
}

func quotedPart(contentType, text string) (textproto.MIMEHeader, []byte, error) {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, err := w.Write([]byte(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")))
	err = errors.Join(err, w.Close())
	return textproto.MIMEHeader{"Content-Type": {contentType + "; charset=UTF-8"}, "Content-Transfer-Encoding": {"quoted-printable"}}, b.Bytes(), err
}

func writePart(to *multipart.Writer, header textproto.MIMEHeader, content []byte) error {
	w, err := to.CreatePart(header)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}

func writeHeader(b *bytes.Buffer, header textproto.MIMEHeader) {
	for _, name := range []string{"Content-Type", "Content-Transfer-Encoding"} {
		if header.Get(name) != "" {
			fmt.Fprintf(b, "%s: %s\r\n", name, header.Get(name))
		}
	}
	b.WriteString("\r\n")
}

func base64Lines(data []byte) []byte {
	const lineBytes = 57 // 76 characters
	var b []byte
	for len(data) > 0 {
		n := min(lineBytes, len(data))
		b = append(base64.StdEncoding.AppendEncode(b, data[:n]), '\r', '\n')
		data = data[n:]
	}
	return b
}

// Close has nothing to let go of: each mail has a connection of its own.
func (m *mailer) Close() error { return nil }
