package demo

import (
	"fmt"
	"strings"
)

// The words that the benchmark's text queries look for. How many documents hold them is in
// BenchRecord.
const (
	// BenchRareWord is in about one document of 40,000, in the message or in the stack trace.
	BenchRareWord = "heisenbug"
	// BenchPhrase is in about 1.3 % of the messages, BenchCommonPhrase in about 18 %.
	BenchPhrase       = "circuit breaker opened"
	BenchCommonPhrase = "connection pool"
	// BenchCommonWord is in more than half of the messages.
	BenchCommonWord = "request"
)

// The variables of a message template.
const (
	varNumber   = 'n' // 1 to 4 digits
	varMillis   = 'm' // milliseconds, skewed
	varHex      = 'x' // 8 hex digits
	varUser     = 'u' // the document's user
	varTool     = 't' // the document's tool
	varService  = 's' // a service
	varPercent  = 'p' // 0 to 100
	varShard    = 'h' // host-NN
	templateSum = 200 // templates in all
)

// benchSubjects and benchForms multiply to the templates: each subject is written into each form. A
// %-letter is a variable, @ the subject.
var benchSubjects = []string{
	"inference request",
	"tool call request",
	"retrieval request",
	"upstream request",
	"embedding request",
	"payment request",
	"session refresh",
	"cache lookup",
	"feature fetch",
	"document chunk",
}

var benchForms = []string{
	"finished @ for %u in %m ms after %n retries on %h, %n bytes sent to the client",
	"@ %x accepted by %s and queued behind %n others, estimated wait %m ms before it runs",
	"completed @ for tool %t with status ok, prompt had %n tokens and the answer had %n tokens",
	"connection pool of %s served the @ in %m ms, %n of 64 connections in use and none waiting",
	"@ from %u routed to model replica %h, load there is %p percent and the queue holds %n items",
	"slow @ in %s: %m ms of which %m ms were spent waiting for the connection pool on %h",
	"validated @ %x against schema version %n, no unknown members found for tool %t",
	"stored the result of @ %x under key %x, expires in %n seconds unless %u asks again",
	"@ answered from cache for %u, entry %x is %n seconds old and was hit %n times since",
	"rate budget for %u after this @ is %n of 5000 tokens a minute, window resets in %m ms",
	"sampled @ %x for quality review, confidence %p percent with threshold %p on replica %h",
	"streaming @ to %u: first token after %m ms, %n tokens a second, client on %h still reading",
	"@ %x merged with %n others into one batch for %s, padding is %p percent of the tokens",
	"authorisation for @ by %u checked in %m ms, scopes read_profile and write_apps granted",
	"connection pool statistics after @: %n open, %n idle, longest wait %m ms, host %h",
	"retrying @ %x against %s after a transient failure, attempt %n of 5, backing off %m ms",
	"background @ of %t took %m ms, wrote %n rows and skipped %n that had not changed",
	"handed the @ %x over to %s because %h drains, %n sessions are still open there",
	"trace of @ %x exported with %n spans, %n of them slower than their usual %m ms",
	"circuit breaker opened for @ to %s after %n failures in %n seconds, next probe in %m ms",
}

// benchFormWeights gives the three pool forms together 18 % and the breaker 1.3 %.
func benchFormWeight(form string) float64 {
	switch {
	case strings.Contains(form, BenchPhrase):
		return 1.3
	case strings.Contains(form, BenchCommonPhrase):
		return 6
	default:
		return 80.7 / 16
	}
}

// BenchTemplates are the message templates, variables as a percent sign and a letter.
func BenchTemplates() []string {
	templates := make([]string, 0, templateSum)
	for _, form := range benchForms {
		for _, subject := range benchSubjects {
			templates = append(templates, strings.Replace(form, "@", subject, 1))
		}
	}
	return templates
}

// subjectWeight makes a few subjects common, as in life.
func subjectWeight(i int) float64 { return 1 / float64(i+2) }

// piece is a stretch of constant text and the variable after it (0: none).
type piece struct {
	text     string
	variable byte
}

// compileTemplate cuts a template at its variables, and escapes it for JSON.
func compileTemplate(template string) []piece {
	var pieces []piece
	for {
		at := strings.IndexByte(template, '%')
		if at < 0 {
			return append(pieces, piece{text: template})
		}
		pieces = append(pieces, piece{text: template[:at], variable: template[at+1]})
		template = template[at+2:]
	}
}

// benchStacks are stack traces as JSON text without quotes. The count and the mean length are what
// the document size of 770 bytes is balanced with.
func benchStacks() [][]piece {
	var stacks [][]piece
	for i, language := range []string{"python", "node", "go"} {
		for depth := 12; depth <= 15; depth++ {
			stacks = append(stacks, compileTemplate(benchStack(language, depth, i)))
		}
	}
	return stacks
}

func benchStack(language string, depth, kind int) string {
	modules := []string{"gateway", "router", "tools", "retrieval", "session", "models", "batching", "transport", "storage", "tracing", "quota", "cache"}
	functions := []string{"dispatch", "handle_call", "run_tool", "fetch_features", "score", "encode", "await_reply", "send", "read_frame", "acquire", "flush", "check"}
	var b strings.Builder
	if language == "python" {
		b.WriteString(`Traceback (most recent call last):\n`)
	} else {
		b.WriteString([]string{"", `TimeoutError: no reply from %s within %m ms`, `panic: reply of %s could not be read: deadline exceeded`}[kind] + `\n`)
	}
	for i := range depth {
		m, f := modules[(i*5+kind)%len(modules)], functions[(i*7+kind)%len(functions)]
		switch language {
		case "python":
			fmt.Fprintf(&b, `  File \"/srv/app/%s/%s.py\", line %%n, in %s\n    return await self.%s(context, timeout=self.timeout)\n`, m, f, f, f)
		case "node":
			fmt.Fprintf(&b, `    at async %s.%s (/usr/src/app/dist/%s/%s.js:%%n:17) [as handler of %s]\n`, strings.ToUpper(m[:1])+m[1:], f, m, f, f)
		default:
			fmt.Fprintf(&b, `elkapp/internal/%s.(*Worker).%s(0xc000%%x, {0x1a2b3c0, 0xc000%%x})\n\t/src/internal/%s/%s.go:%%n +0x1a4\n`, m, f, m, f)
		}
	}
	if language == "python" {
		b.WriteString(`TimeoutError: no reply from %s within %m ms`)
	}
	return b.String()
}
