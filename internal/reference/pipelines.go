package reference

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/pipeline/codec"
	"elkhorn/internal/pipeline/filter"
	"elkhorn/internal/pipeline/input"
	"elkhorn/internal/pipeline/output"
	"elkhorn/internal/plugin"
)

// fromLogstashProse is what stands on the migration page besides the tables, with {{name}} where each goes.
//
//go:embed from-logstash.md
var fromLogstashProse string

// confExamples are examples of plugins, KIND-NAME.conf. Those of filters are in the filters' own tests instead.
//
//go:embed examples
var confExamples embed.FS

// pluginKind is the plugins of one table.
type pluginKind struct {
	kind    string // "input", "filter" …
	common  []plugin.Option
	plugins []pluginPage
	foreign map[string]string
}

// pluginPage is what there is to say about one plugin.
type pluginPage struct {
	name, summary string
	options       []plugin.Option
}

func kindOf[T, Env any](t *plugin.Table[T, Env]) pluginKind {
	k := pluginKind{kind: t.Kind, common: t.Common(), foreign: t.Foreign()}
	for _, s := range t.Specs() {
		k.plugins = append(k.plugins, pluginPage{s.Name, s.Summary, s.Options})
	}
	return k
}

func pluginKinds() []pluginKind {
	return []pluginKind{kindOf(input.Table), kindOf(filter.Table), kindOf(output.Table), kindOf(codec.Table)}
}

const generatedPages = "<!-- Generated: go test ./internal/reference -run Pages -rewrite -->\n\n"

// Examples are folders with NAME/NAME.txt: examples of each plugin of a kind, as its own tests run them.
type Examples struct{ Filters, Codecs fs.FS }

// PipelinePages prints the pages about pipelines by their file names.
func PipelinePages(examples Examples) (map[string]string, error) {
	pages := map[string]string{}
	var index strings.Builder
	index.WriteString(generatedPages + "# Plugins of pipelines\n\nWhat differs from Logstash is on [its own page](from-logstash.md).\n")
	for _, k := range pluginKinds() {
		fmt.Fprintf(&index, "\n## %ss\n\n", capitalized(k.kind))
		for _, p := range k.plugins {
			name := k.kind + "-" + p.name + ".md"
			example, err := k.example(p.name, examples)
			if err != nil {
				return nil, err
			}
			pages[name] = k.page(p, example)
			fmt.Fprintf(&index, "- [%s](%s): %s\n", p.name, name, firstSentence(p.summary))
		}
	}
	pages["README.md"] = index.String()
	pages["from-logstash.md"] = fromLogstash()
	return pages, nil
}

func capitalized(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func firstSentence(text string) string {
	first, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(first, ".") + "."
}

func (k pluginKind) page(p pluginPage, example string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s# %s %s\n\n%s\n", generatedPages, capitalized(k.kind), p.name, p.summary)
	b.WriteString(example)
	own := map[string]bool{}
	for _, o := range p.options {
		own[o.Name] = true
	}
	b.WriteString("\n## Options\n\n")
	b.WriteString(optionTable(p.options))
	common := slices.DeleteFunc(slices.Clone(k.common), func(o plugin.Option) bool { return own[o.Name] })
	if len(common) > 0 {
		fmt.Fprintf(&b, "\n## Options of every %s\n\n%s", k.kind, optionTable(common))
	}
	return b.String()
}

func optionTable(options []plugin.Option) string {
	var b strings.Builder
	b.WriteString("| Option | Type | Default | |\n| --- | --- | --- | --- |\n")
	if len(options) == 0 {
		return "It has none of its own.\n"
	}
	for _, o := range slices.SortedFunc(slices.Values(options), func(a, b plugin.Option) int { return strings.Compare(a.Name, b.Name) }) {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", o.Name, optionType(o), optionDefault(o), cell(optionHelp(o)))
	}
	return b.String()
}

func optionType(o plugin.Option) string {
	switch {
	case len(o.Allowed) > 0:
		return "one of " + strings.Join(o.Allowed, ", ")
	case o.Unit != "":
		return o.Kind.String() + ", " + o.Unit
	}
	return o.Kind.String()
}

func optionDefault(o plugin.Option) string {
	switch d := o.Default.(type) {
	case nil:
		if o.Required {
			return "required"
		}
		if o.Kind == plugin.Boolean {
			return "`false`"
		}
		return ""
	case string:
		return fmt.Sprintf("`%s`", strings.ReplaceAll(strconv.Quote(d), "|", `\|`))
	case []string:
		texts := make([]string, len(d))
		for i, text := range d {
			texts[i] = strconv.Quote(text)
		}
		return fmt.Sprintf("`[%s]`", strings.ReplaceAll(strings.Join(texts, ", "), "|", `\|`))
	default:
		return fmt.Sprintf("`%v`", d)
	}
}

func optionHelp(o plugin.Option) string {
	switch {
	case o.Unsupported != "":
		return "Not supported: " + o.Unsupported + "."
	case o.Ignored != "":
		return "Without effect: " + o.Ignored + "."
	case o.Deprecated != "":
		return o.Help + " Deprecated: " + o.Deprecated + "."
	}
	return o.Help
}

// cell is text in a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", `\n`, "<", "&lt;").Replace(text)
}

// maxFilterExamples is how many of a filter's examples its page shows.
const maxFilterExamples = 3

func (k pluginKind) example(name string, examples Examples) (string, error) {
	if k.kind == "filter" {
		text, err := fs.ReadFile(examples.Filters, name+"/"+name+".txt")
		if err != nil {
			return "", fmt.Errorf("filter %s has no examples: %w", name, err)
		}
		return filterExample(string(text)), nil
	}
	transcript := ""
	if k.kind == "codec" {
		text, err := fs.ReadFile(examples.Codecs, name+"/"+name+".txt")
		if err != nil {
			return "", fmt.Errorf("codec %s has no examples: %w", name, err)
		}
		transcript = codecExample(string(text))
	}
	text, err := confExamples.ReadFile("examples/" + k.kind + "-" + name + ".conf")
	switch {
	case errors.Is(err, fs.ErrNotExist): // a plugin need not have one
		return transcript, nil
	case err != nil:
		return "", err
	}
	return "\n```\n" + string(text) + "```\n" + transcript, nil
}

// codecExample prints a test file of a codec: blocks, what comes in or goes out with each, and what becomes of it.
func codecExample(text string) string {
	var b strings.Builder
	b.WriteString("\n## Examples\n")
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		for strings.HasPrefix(part, "#") {
			var line string
			line, part, _ = strings.Cut(part, "\n")
			fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(strings.TrimPrefix(line, "#")))
		}
		command, rest, _ := strings.Cut(part, "\n")
		in, out, _ := strings.Cut(rest, "\n----")
		out = strings.TrimPrefix(out, "\n")
		switch verb, how, _ := strings.Cut(command, " "); verb {
		case "codec":
			fmt.Fprintf(&b, "\n```\ncodec => %s\n```\n", in)
		case "decode":
			if how != "" {
				how = " (" + how + ")"
			}
			fmt.Fprintf(&b, "\nWhat comes%s:\n\n```\n%s\n```\n\nEvents:\n\n```\n%s\n```\n", how, in, out)
		case "encode":
			fmt.Fprintf(&b, "\nEvents:\n\n```json\n%s\n```\n\nWhat is written:\n\n```\n%s\n```\n", in, out)
		}
	}
	return b.String()
}

// examplesLegend explains the words that the filters' tests use.
const examplesLegend = `Before each event stands what became of it: *matched* when the filter had success, so that the common options are applied,
*unmatched* when not, *passed* when they are applied to what was *emitted* only, *dropped* when it goes no further.
`

// filterExample prints the first examples of a test file: a block of the configuration, events, and what becomes of them.
func filterExample(text string) string {
	var b strings.Builder
	title, conf := "", ""
	shown := 0
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		for strings.HasPrefix(part, "#") {
			var line string
			line, part, _ = strings.Cut(part, "\n")
			title = strings.TrimSpace(strings.TrimPrefix(line, "#"))
		}
		command, rest, _ := strings.Cut(part, "\n")
		in, out, _ := strings.Cut(rest, "\n----")
		out = strings.TrimSpace(out)
		switch command {
		case "filter":
			conf = in
			if out != "" {
				conf = "" // refused or warned about
			}
		case "events":
			if conf == "" || shown == maxFilterExamples {
				continue
			}
			shown++
			if title != "" {
				fmt.Fprintf(&b, "\n%s\n", title)
			}
			fmt.Fprintf(&b, "\n```\n%s\n```\n\nEvents:\n\n```json\n%s\n```\n\nWhat becomes of them:\n\n```\n%s\n```\n", conf, in, out)
			title, conf = "", ""
		}
	}
	if shown == 0 {
		return ""
	}
	return "\n## Examples\n\n" + examplesLegend + b.String()
}

// fromLogstash is the page about moving from Logstash.
func fromLogstash() string {
	page := fromLogstashProse
	for name, table := range map[string]string{"plugins": foreignPlugins(), "options": limitedOptions()} {
		page = strings.Replace(page, "{{"+name+"}}\n", table, 1)
	}
	return generatedPages + page
}

func foreignPlugins() string {
	var b strings.Builder
	b.WriteString("| Plugin | Instead |\n| --- | --- |\n")
	for _, k := range pluginKinds() {
		for _, name := range slices.Sorted(maps.Keys(k.foreign)) {
			fmt.Fprintf(&b, "| %s `%s` | %s |\n", k.kind, name, cell(k.foreign[name]))
		}
	}
	return b.String()
}

// limitedOptions lists the options that are refused or without effect.
func limitedOptions() string {
	var b strings.Builder
	b.WriteString("| Plugin | Option | |\n| --- | --- | --- |\n")
	for _, k := range pluginKinds() {
		list := func(of string, options []plugin.Option) {
			for _, o := range options {
				if o.Unsupported != "" || o.Ignored != "" {
					fmt.Fprintf(&b, "| %s | `%s` | %s |\n", of, o.Name, cell(optionHelp(o)))
				}
			}
		}
		list("every "+k.kind, k.common)
		for _, p := range k.plugins {
			list(fmt.Sprintf("%s `%s`", k.kind, p.name), p.options)
		}
	}
	return b.String()
}
