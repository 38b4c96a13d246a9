package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestCompletionInBash: the script that is printed completes commands, their flags and files.
func TestCompletionInBash(t *testing.T) {
	parser, err := newParser(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	if err := writeBash(&script, parser.Model.Node, false); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ words, has, lacks string }{
		{"elkhorn s", "search", "up"},
		{"elkhorn pipeline ", "check", "server"},
		{"elkhorn pipeline check --se", "--settings", "--shadow"},
		{"elkhorn --log-level debug up --de", "--demo", "--data"},
		{"elkhorn ship run --conf", "--config", "--data"},
		{"elkhorn ship check -c completion_te", "completion_test.go", "--config"},
		{"elkhorn up --v", "--version", "--ui"},
	} {
		words := strings.Split(test.words, " ")
		quoted := "'" + strings.Join(words, "' '") + "'"
		run := script.String() + "COMP_WORDS=(" + quoted + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _elkhorn; printf '%s\\n' \"${COMPREPLY[@]}\"\n"
		out, err := exec.CommandContext(t.Context(), "bash", "-c", run).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		got := "\n" + string(out)
		if !strings.Contains(got, "\n"+test.has+"\n") || strings.Contains(got, "\n"+test.lacks+"\n") {
			t.Errorf("%q completes to %q: wants %s, and not %s", test.words, out, test.has, test.lacks)
		}
	}
}

func TestCompletionInFish(t *testing.T) {
	parser, err := newParser(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	if err := writeFish(&script, parser.Model.Node); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"complete -c elkhorn -f -n 'not __fish_seen_subcommand_from up server ",
		"complete -c elkhorn -f -n '__fish_seen_subcommand_from ship; and not __fish_seen_subcommand_from run check -' -a 'run'",
		"complete -c elkhorn -n '__fish_seen_subcommand_from pipeline; and __fish_seen_subcommand_from diff' -l ignore -d ",
		`-d 'Follow events as they arrive: elkhorn tail \'log_level:ERROR and service_name:x\'.'`,
	} {
		if !strings.Contains(script.String(), want) {
			t.Errorf("the script lacks %s", want)
		}
	}
}
