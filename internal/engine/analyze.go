package engine

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

const (
	// defaultMaxTokens is Elasticsearch's index.analyze.max_token_count.
	defaultMaxTokens = 10_000
	// positionGap is the distance between the texts of a list for an analyzer with a name; a chain has none.
	positionGap = 100
)

// chain is an analyzer by its parts, by the names that settings give them.
type chain struct {
	settings       map[string]string // by what follows index.analysis.
	limits         analysis.Limits
	tokenizer      string
	chars, filters []string
}

// analysisRun is one request to analyze.
type analysisRun struct {
	req       *es.Analyze
	registry  *analysis.Registry
	settings  map[string]string
	maxTokens int
	limits    analysis.Limits
	index     *index // nil for none
}

// analyze splits texts into tokens; see es.Analyze.
func (e *Engine) analyze(req *es.Analyze) (*es.Analysis, error) {
	run := &analysisRun{req: req, settings: map[string]string{}, maxTokens: defaultMaxTokens, limits: analysis.DefaultLimits}
	if req.Index != "" {
		found, err := e.resolve(es.Target{Names: []string{req.Index}, NoIndices: true, NoWildcards: true})
		if err != nil {
			return nil, err
		}
		if len(found) != 1 {
			return nil, eserr.IllegalArgument("[%s] names [%d] indices where one is wanted", req.Index, len(found))
		}
		run.index = found[0].index
		settings := run.index.settings.Load()
		run.maxTokens, run.registry, run.limits = settings.maxTokens, settings.analyzers.registry, settings.analyzers.limits
		for name, value := range settings.flat {
			if rest, ok := strings.CutPrefix(name, analysisPrefix); ok {
				run.settings[rest] = value
			}
		}
	} else {
		var err error
		if run.registry, err = analysis.NewRegistry(nil, run.limits); err != nil {
			return nil, err
		}
	}
	if req.Tokenizer != nil || req.Filters != nil || req.CharFilters != nil {
		c, err := run.customChain()
		if err != nil {
			return nil, err
		}
		return run.byParts(c, 0)
	}
	return run.named()
}

// named analyzes with the analyzer or the normalizer that the request, or its field, names.
func (r *analysisRun) named() (*es.Analysis, error) {
	name, normalizer := r.req.Analyzer, r.req.Normalizer
	if r.req.Field != "" && r.index != nil {
		if f := r.index.mapping().Lookup(r.req.Field); f != nil {
			switch {
			case f.Type.IsText():
				name = f.Analyzer
			case f.Type.IsKeyword() && f.Normalizer != "":
				normalizer = f.Normalizer
			case f.Type.IsKeyword():
				name = "keyword"
			default:
				return nil, eserr.IllegalArgument("Can't process field [%s], Analysis requests are only supported on tokenized fields", r.req.Field)
			}
		}
	}
	if normalizer != "" {
		return r.normalized(normalizer)
	}
	if c, custom := r.chainOf(name); custom && r.req.Explain {
		return r.byParts(c, positionGap)
	}
	a, ok := r.registry.Analyzer(name)
	if !ok {
		if r.index == nil {
			return nil, eserr.IllegalArgument("failed to find global analyzer [%s]", name)
		}
		return nil, eserr.IllegalArgument("failed to find analyzer [%s]", name)
	}
	if name == "" {
		name = "default"
		if r.index == nil {
			name = "standard"
		}
	}
	c, _ := r.chainOf(name)
	tokens, err := r.tokens(a, c.tokenizer, positionGap)
	return &es.Analysis{Name: name, Tokens: tokens}, err
}

// normalized makes one token of each text with a normalizer.
func (r *analysisRun) normalized(name string) (*es.Analysis, error) {
	normalize := r.registry.Normalizer(name)
	if normalize == nil {
		return nil, eserr.IllegalArgument("failed to find normalizer under [%s]", name)
	}
	tokens, err := r.tokens(normalizerAnalyzer{analysis.Keyword, normalize}, "keyword", 0)
	return &es.Analysis{Name: name, Tokens: tokens}, err
}

// normalizerAnalyzer makes one token of a whole value.
type normalizerAnalyzer struct {
	analysis.Analyzer
	normalize func([]byte) []byte
}

func (n normalizerAnalyzer) Tokens(text []byte, yield func(analysis.Token) bool) {
	n.Analyzer.Tokens(text, func(t analysis.Token) bool {
		t.Bytes = n.normalize(t.Bytes)
		return yield(t)
	})
}

// chainOf is the chain that the index's settings give a name; custom is false where they give none. Built-in analyzers are told by
// their tokenizer only.
func (r *analysisRun) chainOf(name string) (c *chain, custom bool) {
	if name == "" {
		name = "default"
	}
	c = &chain{settings: r.settings, limits: r.limits, tokenizer: name}
	if name == "default" || name == "stop" && r.settings["analyzer.stop.type"] == "" {
		c.tokenizer = "standard"
	}
	key := "analyzer." + name + "."
	switch typ := r.settings[key+"type"]; {
	case r.settings[key+"tokenizer"] != "" && (typ == "" || typ == "custom"):
		c.tokenizer = r.settings[key+"tokenizer"]
		c.chars, c.filters = settingList(r.settings, key+"char_filter"), settingList(r.settings, key+"filter")
		return c, true
	case typ != "":
		c.tokenizer = typ
	}
	return c, false
}

// settingList reads a list as settings keep it: "[a, b]", or one value a key.
func settingList(settings map[string]string, key string) []string {
	var out []string
	for i := 0; settings[key+"."+strconv.Itoa(i)] != ""; i++ {
		out = append(out, settings[key+"."+strconv.Itoa(i)])
	}
	for part := range strings.SplitSeq(strings.Trim(settings[key], "[]"), ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// customChain reads the chain that the request spells out. One without a tokenizer is a normalizer.
func (r *analysisRun) customChain() (*chain, error) {
	c := &chain{settings: map[string]string{}, limits: r.limits, tokenizer: "keyword"}
	for name, value := range r.settings {
		c.settings[name] = value
	}
	var err error
	if r.req.Tokenizer != nil {
		if c.tokenizer, err = c.component("tokenizer", r.req.Tokenizer, 0); err != nil {
			return nil, err
		}
	}
	for i, raw := range r.req.CharFilters {
		name, err := c.component("char_filter", raw, i)
		if err != nil {
			return nil, err
		}
		c.chars = append(c.chars, name)
	}
	for i, raw := range r.req.Filters {
		name, err := c.component("filter", raw, i)
		if err != nil {
			return nil, err
		}
		c.filters = append(c.filters, name)
		typ := name
		if defined := c.settings["filter."+name+".type"]; defined != "" {
			typ = defined
		}
		if r.req.Tokenizer == nil && !analysis.IsNormalizing(typ) {
			return nil, eserr.IllegalArgument("Custom normalizer may not use filter [%s]", strings.TrimPrefix(name, anonymous))
		}
	}
	return c, nil
}

// anonymous begins the names of components that a request defines itself.
const anonymous = "__anonymous__"

// component reads a component: its name, or a definition that gets one.
func (c *chain) component(kind string, raw []byte, number int) (string, error) {
	n, err := jsonval.Parse(raw)
	if err != nil {
		return "", err
	}
	if n.Kind != jsonval.Object {
		return n.Text, nil
	}
	typ := n.Get("type")
	if typ == nil {
		return "", eserr.IllegalArgument("Missing [type] setting for anonymous %s: %s", kind, n.Raw)
	}
	name := anonymous + typ.Text
	if c.settings[kind+"."+name+".type"] != "" {
		name += "." + strconv.Itoa(number)
	}
	flat := map[string]string{}
	flattenInto(flat, "", n)
	for key, value := range flat {
		c.settings[kind+"."+name+"."+key] = value
	}
	return name, nil
}

// build makes an analyzer of the first parts of a chain.
func (c *chain) build(tokenizer string, chars, filters []string) (analysis.Analyzer, error) {
	const name = "__analyze"
	settings := map[string]string{"analyzer." + name + ".type": "custom", "analyzer." + name + ".tokenizer": tokenizer}
	for key, value := range c.settings {
		if !strings.HasPrefix(key, "analyzer.") && !strings.HasPrefix(key, "normalizer.") {
			settings[key] = value
		}
	}
	for i, part := range chars {
		settings[fmt.Sprintf("analyzer.%s.char_filter.%d", name, i)] = part
	}
	for i, part := range filters {
		settings[fmt.Sprintf("analyzer.%s.filter.%d", name, i)] = part
	}
	registry, err := analysis.NewRegistry(settings, c.limits)
	if err != nil {
		return nil, eserr.IllegalArgument("%s", strings.TrimPrefix(err.Error(), "analyzer ["+name+"]: "))
	}
	a, _ := registry.Analyzer(name)
	return a, nil
}

// byParts analyzes with a chain, and with each of its beginnings where the request wants that explained.
func (r *analysisRun) byParts(c *chain, gap int) (*es.Analysis, error) {
	out := &es.Analysis{Custom: true}
	whole, err := c.build(c.tokenizer, c.chars, c.filters)
	if err != nil {
		return nil, err
	}
	if !r.req.Explain {
		out.Tokens, err = r.tokens(whole, c.tokenizerType(), gap)
		return out, err
	}
	for i, name := range c.chars {
		a, err := c.build("keyword", c.chars[:i+1], nil)
		if err != nil {
			return nil, err
		}
		stage := es.AnalysisStage{Name: name}
		for _, text := range r.req.Texts {
			var changed []byte
			a.Tokens([]byte(text), func(t analysis.Token) bool {
				changed = append(changed, t.Bytes...)
				return true
			})
			stage.Texts = append(stage.Texts, string(changed))
		}
		out.CharFilters = append(out.CharFilters, stage)
	}
	for i := range len(c.filters) + 1 {
		a, err := c.build(c.tokenizer, c.chars, c.filters[:i])
		if err != nil {
			return nil, err
		}
		tokens, err := r.tokens(a, c.tokenizerType(), gap)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out.Tokenizer = es.AnalysisStage{Name: c.tokenizer, Tokens: tokens}
		} else {
			out.Filters = append(out.Filters, es.AnalysisStage{Name: c.filters[i-1], Tokens: tokens})
		}
	}
	return out, nil
}

// tokenizerType is the type of the chain's tokenizer.
func (c *chain) tokenizerType() string {
	if typ := c.settings["tokenizer."+c.tokenizer+".type"]; typ != "" {
		return typ
	}
	return c.tokenizer
}

// tokens lists the tokens of the request's texts, one text after the other, as many as the index allows.
func (r *analysisRun) tokens(a analysis.Analyzer, tokenizer string, gap int) ([]es.AnalyzedToken, error) {
	tokens := []es.AnalyzedToken{}
	position, offset := 0, 0
	full := false
	for _, text := range r.req.Texts {
		units := newUnits(text)
		last := -1
		a.Tokens([]byte(text), func(t analysis.Token) bool {
			if full = len(tokens) >= r.maxTokens; full {
				return false
			}
			last = t.Position
			tokens = append(tokens, es.AnalyzedToken{
				Text: string(t.Bytes), Type: tokenType(tokenizer, text, t), Start: offset + units.before(t.Start), End: offset + units.before(t.End), Position: position + t.Position,
			})
			return true
		})
		if full {
			return nil, eserr.New(http.StatusInternalServerError, "illegal_state_exception", "The number of tokens produced by calling _analyze has exceeded the allowed maximum of [%d]. "+
				"This limit can be set by changing the [index.analyze.max_token_count] index level setting.", r.maxTokens)
		}
		position += last + 1 + gap
		offset += units.before(len(text)) + 1
	}
	return tokens, nil
}

// units counts the UTF-16 units before places of a text that only go up, or a little down.
type units struct {
	text      string
	at, count int
}

func newUnits(text string) *units { return &units{text: text} }

func (u *units) before(place int) int {
	place = min(place, len(u.text))
	if place < u.at {
		u.at, u.count = 0, 0
	}
	for u.at < place {
		r, size := utf8.DecodeRuneInString(u.text[u.at:])
		if r >= 1<<16 {
			u.count++
		}
		u.count++
		u.at += size
	}
	return u.count
}

// wordTokenizers are those whose tokens have the types of text segmentation; the others' are words.
var wordTokenizers = []string{"standard", "classic", "uax_url_email", "stop"}

// scriptTypes are the types of tokens by the script of their first character.
var scriptTypes = []struct {
	script *unicode.RangeTable
	name   string
}{
	{unicode.Hiragana, "<HIRAGANA>"}, {unicode.Katakana, "<KATAKANA>"}, {unicode.Hangul, "<HANGUL>"}, {unicode.Han, "<IDEOGRAPHIC>"},
	{unicode.Thai, "<SOUTHEAST_ASIAN>"}, {unicode.Lao, "<SOUTHEAST_ASIAN>"}, {unicode.Khmer, "<SOUTHEAST_ASIAN>"}, {unicode.Myanmar, "<SOUTHEAST_ASIAN>"},
}

// tokenType names what kind of token it is, as Lucene's tokenizers do.
func tokenType(tokenizer, text string, t analysis.Token) string {
	if t.Type != "" {
		return t.Type
	}
	if !slices.Contains(wordTokenizers, tokenizer) {
		return "word"
	}
	original := string(t.Bytes)
	if t.Start >= 0 && t.Start < t.End && t.End <= len(text) {
		original = text[t.Start:t.End]
	}
	digits := false
	for i, r := range original {
		if i == 0 {
			for _, s := range scriptTypes {
				if unicode.Is(s.script, r) {
					return s.name
				}
			}
			if unicode.Is(unicode.So, r) {
				return "<EMOJI>"
			}
		}
		switch {
		case unicode.IsDigit(r):
			digits = true
		case unicode.IsLetter(r):
			return "<ALPHANUM>"
		}
	}
	if digits {
		return "<NUM>"
	}
	return "<ALPHANUM>"
}
