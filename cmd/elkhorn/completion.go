package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help shows where the output goes.
func (*completionCmd) Help() string {
	return `Examples:

  source <(elkhorn completion bash)                                        in ~/.bashrc
  source <(elkhorn completion zsh)                                         in ~/.zshrc, behind compinit
  elkhorn completion fish > ~/.config/fish/completions/elkhorn.fish`
}

// Run prints the script for a shell.
func (c *completionCmd) Run(k *kong.Context) error {
	if c.Shell == "fish" {
		return writeFish(os.Stdout, k.Model.Node)
	}
	return writeBash(os.Stdout, k.Model.Node, c.Shell == "zsh")
}

// bashHead looks which command the words before the cursor name. zsh runs it in its emulation of bash.
const bashHead = `_elkhorn() {
  local cur=${COMP_WORDS[COMP_CWORD]} at="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at ${COMP_WORDS[i]}" in
%s    esac
  done
  case "$at" in
%s  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [[ ${#COMPREPLY[@]} -eq 0 && $cur != -* ]]; then
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _elkhorn elkhorn
`

func writeBash(w io.Writer, root *kong.Node, zsh bool) error {
	var steps, words strings.Builder
	eachCommand(root, "", func(n *kong.Node, path string) {
		if path != "" {
			fmt.Fprintf(&steps, "      %q) at=%q ;;\n", path, path)
		}
		var all []string
		for _, child := range commandsOf(n) {
			all = append(all, child.Name)
		}
		for _, flag := range flagsOf(n) {
			all = append(all, "--"+flag.Name)
		}
		fmt.Fprintf(&words, "    %q) words=%q ;;\n", path, strings.Join(all, " "))
	})
	if zsh {
		if _, err := io.WriteString(w, "autoload -U +X bashcompinit && bashcompinit\n"); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, bashHead, steps.String(), words.String())
	return err
}

func writeFish(w io.Writer, root *kong.Node) error {
	var b strings.Builder
	eachCommand(root, "", func(n *kong.Node, path string) {
		var seen []string
		for word := range strings.FieldsSeq(path) {
			seen = append(seen, "__fish_seen_subcommand_from "+word)
		}
		children := commandsOf(n)
		if len(children) > 0 {
			names := make([]string, len(children))
			for i, child := range children {
				names[i] = child.Name
			}
			open := strings.Join(append(seen[:len(seen):len(seen)], "not __fish_seen_subcommand_from "+strings.Join(names, " ")), "; and ")
			for _, child := range children {
				fmt.Fprintf(&b, "complete -c elkhorn -f -n '%s' -a '%s' -d %s\n", open, child.Name, fishQuoted(child.Help))
			}
		}
		condition := ""
		if len(seen) > 0 {
			condition = " -n '" + strings.Join(seen, "; and ") + "'"
		}
		for _, flag := range n.Flags {
			if !flag.Hidden {
				fmt.Fprintf(&b, "complete -c elkhorn%s -l %s -d %s\n", condition, flag.Name, fishQuoted(flag.Help))
			}
		}
	})
	_, err := io.WriteString(w, b.String())
	return err
}

// fishQuoted is the first sentence of a help as fish quotes it.
func fishQuoted(help string) string {
	help, _, _ = strings.Cut(help, ". ")
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(help) + "'"
}

// eachCommand visits a node and the commands below it; path is their names, each with a space before it.
func eachCommand(n *kong.Node, path string, visit func(n *kong.Node, path string)) {
	visit(n, path)
	for _, child := range commandsOf(n) {
		eachCommand(child, path+" "+child.Name, visit)
	}
}

func commandsOf(n *kong.Node) []*kong.Node {
	var commands []*kong.Node
	for _, child := range n.Children {
		if child.Type == kong.CommandNode && !child.Hidden {
			commands = append(commands, child)
		}
	}
	return commands
}

// flagsOf are the flags that a command takes, those of the commands above it included.
func flagsOf(n *kong.Node) []*kong.Flag {
	var flags []*kong.Flag
	for ; n != nil; n = n.Parent {
		for _, flag := range n.Flags {
			if !flag.Hidden {
				flags = append(flags, flag)
			}
		}
	}
	return flags
}
