package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"text/template"
	"time"

	"elkhorn/internal/demo"
)

// pipeEngine is a rival that is a library: a program of its own runs it, reads one request a line and
// answers one line each. rivals/adapter.py describes what is said.
type pipeEngine struct {
	process *process
	in      io.WriteCloser
	out     *bufio.Reader
	says    string              // its version
	sql     map[string][]string // statements by row; nil for a program that knows the rows itself
	params  queryParams
}

// queryTimeout is how long one query of a rival may take before its run is given up.
const queryTimeout = 5 * time.Minute

type pipeRequest struct {
	Op         string       `json:"op"`
	Files      []string     `json:"files,omitempty"`
	Row        string       `json:"row,omitempty"`
	Statements []string     `json:"statements,omitempty"`
	Params     *queryParams `json:"params,omitempty"`
}

type pipeAnswer struct {
	Version string
	Error   string
	Cannot  string
	Took    int64 `json:"took_ns"`
	Results []tabular
}

// queryParams is what the queries of a run look for. Times are there as text for SQL, and in epoch
// milliseconds.
type queryParams struct {
	First, End, LastHour, SlowFrom                         string
	FirstMillis, EndMillis, LastHourMillis, SlowFromMillis int64
	RareWord, Phrase, CommonPhrase, CommonWord             string
	RequestID, TraceID                                     string
}

func paramsOf(t *truth) queryParams {
	text := func(millis int64) string { return time.UnixMilli(millis).UTC().Format(time.DateTime) }
	lastHour, slow := t.end-hourMillis, t.end-slowHours*hourMillis
	return queryParams{
		First: text(t.first), End: text(t.end), LastHour: text(lastHour), SlowFrom: text(slow),
		FirstMillis: t.first, EndMillis: t.end, LastHourMillis: lastHour, SlowFromMillis: slow,
		RareWord: demo.BenchRareWord, Phrase: demo.BenchPhrase, CommonPhrase: demo.BenchCommonPhrase, CommonWord: demo.BenchCommonWord,
		RequestID: t.requestID, TraceID: t.traceID,
	}
}

// startPipe starts a rival's program. queriesSQL is "" for one that knows the rows itself, and t nil when
// nothing is asked.
func startPipe(ctx context.Context, cmd *exec.Cmd, data, queriesSQL string, t *truth) (engine, error) {
	e := &pipeEngine{}
	if t != nil {
		e.params = paramsOf(t)
	}
	var err error
	if queriesSQL != "" {
		if e.sql, err = statements(queriesSQL, e.params); err != nil {
			return nil, err
		}
	}
	if e.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	log, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	e.out = bufio.NewReaderSize(out, 1<<20)
	if e.process, _, err = startProcess(ctx, cmd, data, log, nil); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	first, err := e.receive(ctx)
	if err != nil {
		return nil, err
	}
	e.says = first.Version
	return e, nil
}

func (e *pipeEngine) proc() *process  { return e.process }
func (e *pipeEngine) version() string { return e.says }

func (e *pipeEngine) load(ctx context.Context, in *staged, _ *options) error {
	_, err := e.request(ctx, pipeRequest{Op: "load", Files: in.files})
	return err
}

func (e *pipeEngine) flush(ctx context.Context) error {
	_, err := e.request(ctx, pipeRequest{Op: "settle"})
	return err
}

func (e *pipeEngine) ask(ctx context.Context, q *query) (answer, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	request := pipeRequest{Op: "run", Row: q.row, Params: &e.params}
	if e.sql != nil {
		if request.Statements = e.sql[q.row]; request.Statements == nil {
			return answer{}, 0, cannotError("no statement was written for this row")
		}
		request.Params = nil
	}
	said, err := e.request(ctx, request)
	if err != nil {
		return answer{}, 0, err
	}
	a, err := answerOf(said.Results)
	return a, time.Duration(said.Took), err
}

// stop ends the program by ending its input, and waits for it.
func (e *pipeEngine) stop() error {
	return errors.Join(e.in.Close(), e.process.wait())
}

func (e *pipeEngine) request(ctx context.Context, request pipeRequest) (*pipeAnswer, error) {
	line, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	if _, err := e.in.Write(append(line, '\n')); err != nil {
		return nil, fmt.Errorf("%s: %w", request.Op, err)
	}
	return e.receive(ctx)
}

// receive reads the next answer. When ctx ends first the program is ended, since it has no other way of
// being stopped in the middle of something.
func (e *pipeEngine) receive(ctx context.Context) (*pipeAnswer, error) {
	stop := context.AfterFunc(ctx, func() { _ = e.process.cmd.Process.Kill() })
	line, err := e.out.ReadBytes('\n')
	if !stop() {
		return nil, fmt.Errorf("no answer in time: %w", ctx.Err())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the program ended: %w", err), e.process.wait())
	}
	var said pipeAnswer
	if err := json.Unmarshal(line, &said); err != nil {
		return nil, fmt.Errorf("not an answer: %w: %.200s", err, line)
	}
	switch {
	case said.Cannot != "":
		return nil, cannotError(said.Cannot)
	case said.Error != "":
		return nil, errors.New(said.Error)
	}
	return &said, nil
}

// statements reads a rival's queries.sql: what stands in double braces is filled in, a line "-- row NAME"
// begins a row, a semicolon at the end of a line ends a statement.
func statements(text string, params queryParams) (map[string][]string, error) {
	parsed, err := template.New("queries.sql").Option("missingkey=error").Parse(text)
	if err != nil {
		return nil, err
	}
	var filled bytes.Buffer
	if err := parsed.Execute(&filled, params); err != nil {
		return nil, err
	}
	all, row, statement := map[string][]string{}, "", []byte(nil)
	for line := range bytes.Lines(filled.Bytes()) {
		line = bytes.TrimSpace(line)
		if name, is := bytes.CutPrefix(line, []byte("-- row ")); is {
			row = string(name)
			continue
		}
		if len(line) == 0 || bytes.HasPrefix(line, []byte("--")) {
			continue
		}
		end := bytes.HasSuffix(line, []byte(";"))
		statement = append(append(statement, bytes.TrimSuffix(line, []byte(";"))...), ' ')
		if end {
			all[row] = append(all[row], string(bytes.TrimSpace(statement)))
			statement = statement[:0]
		}
	}
	if len(bytes.TrimSpace(statement)) > 0 {
		return nil, fmt.Errorf("queries.sql: the last statement has no semicolon: %s", statement)
	}
	return all, nil
}
