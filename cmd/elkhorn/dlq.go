package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"elkhorn/internal/pipeline/queue"
	"elkhorn/internal/server"
	"elkhorn/internal/vfs"
)

type dlqCmd struct {
	List   dlqListCmd   `cmd:"" help:"List events that outputs refused, with the reason."`
	Show   dlqShowCmd   `cmd:"" help:"Print one of them whole."`
	Replay dlqReplayCmd `cmd:"" help:"Let a running pipeline write them again."`
}

// Help shows what to type.
func (*dlqListCmd) Help() string {
	return `Examples:

  elkhorn dlq list                          with ids and reasons
  elkhorn dlq list --json | jq .event       the events themselves
  elkhorn dlq show ID                       one of them whole
  elkhorn dlq replay main                   once the cause is mended`
}

// letterFolders says where dead letters are read. It works whether the pipelines run or not.
type letterFolders struct {
	Data     string `default:"./elkhorn-data" type:"path" help:"Data folder of up or pipeline run (${default})." placeholder:"DIR"`
	Pipeline string `short:"p" help:"Letters of this pipeline only." placeholder:"ID"`
}

// each calls visit for every letter, oldest first within its pipeline, until it returns false.
func (f *letterFolders) each(visit func(l *queue.Letter) bool) error {
	folders, damaged := server.LetterFolders(f.Data)
	if err := damaged; err != nil && len(folders) == 0 {
		return fmt.Errorf("dead letters of %s cannot be found: %w; --data names the folder: ./elkhorn-pipelines where pipelines ran alone, or path.data of logstash.yml", f.Data, err)
	}
	for _, dir := range folders {
		q, err := queue.ReadDeadLetters(vfs.Default, dir)
		if err != nil {
			return err
		}
		var after queue.ID
		for {
			letters, err := q.Read(after, 500)
			if err != nil && !vfs.IsCorruption(err) {
				return err
			}
			if err != nil {
				damaged = err
			}
			for i := range letters {
				after = letters[i].ID
				if (f.Pipeline == "" || letters[i].Pipeline == f.Pipeline) && !visit(&letters[i]) {
					return damaged
				}
			}
			if len(letters) == 0 {
				break
			}
		}
	}
	return damaged
}

type dlqListCmd struct {
	letterFolders
	Limit int  `short:"n" default:"100" help:"Most letters to list (${default})." placeholder:"N"`
	JSON  bool `help:"One JSON object a line, with the event."`
}

// Run prints the letters.
func (c *dlqListCmd) Run(*app) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	n := 0
	err := c.each(func(l *queue.Letter) bool {
		if n == c.Limit {
			return false
		}
		if n++; c.JSON {
			fmt.Printf("%s\n", letterJSON(l, ""))
			return true
		}
		if n == 1 {
			fmt.Fprintln(out, "ID\tTIME\tPIPELINE\tOUTPUT\tSTATUS\tREASON")
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%d\t%s\n", l.ID, l.Time.UTC().Format(time.RFC3339), l.Pipeline, l.Plugin, l.Status, oneLine(l.Reason))
		return true
	})
	return errors.Join(err, out.Flush())
}

// oneLine cuts a reason to what fits a line.
func oneLine(text string) string {
	const most = 160
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// letterJSON is a letter with its id.
func letterJSON(l *queue.Letter, indent string) []byte {
	shown := struct {
		ID string `json:"id"`
		*queue.Letter
	}{l.ID.String(), l}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(shown); err != nil {
		return fmt.Appendf(nil, "%q", err.Error())
	}
	return bytes.TrimSpace(buf.Bytes())
}

type dlqShowCmd struct {
	letterFolders
	ID string `arg:"" help:"Id that list prints." placeholder:"ID"`
}

// Run prints the letter.
func (c *dlqShowCmd) Run(*app) error {
	found := false
	err := c.each(func(l *queue.Letter) bool {
		if l.ID.String() == c.ID {
			found = true
			fmt.Printf("%s\n", letterJSON(l, "  "))
		}
		return true // pipelines count on their own: another may have the same id
	})
	if err == nil && !found {
		return fmt.Errorf("there is no dead letter %q in %s", c.ID, c.Data)
	}
	return err
}

type dlqReplayCmd struct {
	Pipeline string `arg:"" help:"Pipeline whose letters are written again." placeholder:"PIPELINE"`
	URL      string `default:"http://127.0.0.1:9600" help:"Monitoring API of the process that runs it (${default})." placeholder:"URL"`
	Filters  bool   `help:"Through the pipeline's filters too; without it they go to the outputs as they are."`
}

// Run asks the process to write the letters again.
func (c *dlqReplayCmd) Run(a *app) error {
	var answer struct {
		Replayed int
		Error    string
	}
	path := fmt.Sprintf("/_dead_letters/%s/_replay?filters=%t", url.PathEscape(c.Pipeline), c.Filters)
	if err := postJSON(a.ctx, baseOf(c.URL)+path, &answer); err != nil {
		return err
	}
	if answer.Error != "" {
		return errors.New(answer.Error)
	}
	fmt.Printf("%d events were written again; what was refused again is a dead letter anew\n", answer.Replayed)
	return nil
}

func postJSON(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%w; the process that runs the pipeline says at its start where its monitoring_api listens: name that with --url", err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s answers %s with something else than JSON: %w", address, resp.Status, err)
	}
	return nil
}
