package content

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// price is what a million tokens cost.
type price struct{ input, output, cacheRead, cacheWrite float64 }

// maxPriceBytes and maxPrices bound a file of prices.
const (
	maxPriceBytes = 16 << 20
	maxPrices     = 100_000
)

// priceBook finds the price of a model: in the file that the user edits, in the configuration, in the built-in table.
type priceBook struct {
	path     string
	own      map[string]price // of the configuration
	interval time.Duration
	now      func() time.Time
	current  atomic.Pointer[priceFile]
	next     atomic.Int64 // when to look at the file again, Unix nanoseconds
}

// priceFile is the file as it was read.
type priceFile struct {
	data   []byte
	models map[string]price
}

func newPriceBook(env Env, s *plugin.Settings) (*priceBook, error) {
	b := &priceBook{path: s.String("prices_path"), interval: s.Duration("reload_interval"), now: env.Now}
	if s.Has("prices") {
		v, _ := s.Value("prices")
		own, err := readPrices(settingValue(v), true)
		if err != nil {
			return nil, s.Errorf("prices", "%v", err)
		}
		b.own = own
	}
	if b.path == "" {
		return b, nil
	}
	file, err := loadPrices(env, b.path)
	if err != nil {
		return nil, s.Errorf("prices_path", "%v", err)
	}
	b.current.Store(file)
	b.next.Store(env.Now().Add(b.interval).UnixNano())
	return b, nil
}

func loadPrices(env Env, path string) (*priceFile, error) {
	data, err := env.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(data) > maxPriceBytes {
		return nil, fmt.Errorf("has more than %d bytes", maxPriceBytes)
	}
	tree, err := parseTree(data)
	if err != nil {
		return nil, err
	}
	models, ok := tree.Member("models")
	if !ok {
		models = tree
	}
	prices, err := readPrices(models, false)
	return &priceFile{data, prices}, err
}

// readPrices reads {name: {input: …, output: …}}; LiteLLM's names (cost of one token) are taken as well. Members that are
// no price are passed over in files, which have much else in them, and refused when strict.
func readPrices(models event.Value, strict bool) (map[string]price, error) {
	if models.Kind() != event.Object {
		return nil, errors.New("prices must be an object of models: {name: {input: 2.5, output: 10}}")
	}
	if models.Len() > maxPrices {
		return nil, fmt.Errorf("has more than %d prices", maxPrices)
	}
	prices := make(map[string]price, models.Len())
	for i, v := range models.Items() {
		name := models.NameAt(i)
		var p price
		given := map[string]bool{}
		for k, n := range v.Items() {
			cost, isNumber := number(n)
			member, factor := v.NameAt(k), 1.0
			if per, ok := strings.CutSuffix(member, "_cost_per_token"); ok { // of one token
				member, factor = per, 1e6
			}
			to := map[string]*float64{"input": &p.input, "output": &p.output, "cache_read": &p.cacheRead, "cache_write": &p.cacheWrite,
				"cache_read_input_token_cost": &p.cacheRead, "cache_creation_input_token_cost": &p.cacheWrite}[member]
			if to == nil && strict {
				return nil, fmt.Errorf("price of %s: knows input, output, cache_read and cache_write, not %s", name, member)
			}
			if to == nil {
				continue
			}
			if strings.HasSuffix(member, "_token_cost") {
				factor = 1e6
			}
			if !isNumber || cost < 0 {
				return nil, fmt.Errorf("price of %s: %s must be a number that is not negative, not %s", name, member, n.Text())
			}
			*to, given[member] = cost*factor, true
		}
		if !given["input"] && !given["output"] {
			if name == "sample_spec" || v.Kind() == event.Object && v.Len() > 4 {
				continue // LiteLLM's table has models that are paid by image or minute
			}
			return nil, fmt.Errorf("price of %s: needs input and output, per million tokens", name)
		}
		if p.cacheRead == 0 && !given["cache_read"] {
			p.cacheRead = p.input
		}
		if p.cacheWrite == 0 && !given["cache_write"] {
			p.cacheWrite = p.input
		}
		prices[strings.ToLower(name)] = p
	}
	return prices, nil
}

// reload reads the file again when its time has come; a file that cannot be read leaves the prices as they are.
func (b *priceBook) reload(env Env) {
	if b.path == "" || b.interval <= 0 {
		return
	}
	now := b.now().UnixNano()
	next := b.next.Load()
	if now < next || !b.next.CompareAndSwap(next, now+int64(b.interval)) {
		return
	}
	data, err := env.ReadFile(b.path)
	if err == nil && bytes.Equal(data, b.current.Load().data) {
		return
	}
	file, err := loadPrices(env, b.path)
	switch {
	case err == nil:
		b.current.Store(file)
	case env.Logger != nil:
		env.Logger.Warn("prices stay as they were: the file cannot be read", "path", b.path, "error", err)
	}
}

// find returns the price of the first of the names that has one, and the name of the entry.
func (b *priceBook) find(env Env, models []string) (price, string, bool) {
	b.reload(env)
	tables := []map[string]price{b.own, builtInPrices}
	if file := b.current.Load(); file != nil {
		tables = slices.Insert(tables, 0, file.models)
	}
	for _, model := range models {
		for _, table := range tables {
			if p, name, ok := lookUpPrice(table, model); ok {
				return p, name, true
			}
		}
	}
	return price{}, "", false
}

// lookUpPrice finds a model by its name, without its path (openai/gpt-4o), and without its version (gpt-4o-2024-08-06).
func lookUpPrice(table map[string]price, model string) (price, string, bool) {
	if len(table) == 0 || len(model) > 256 {
		return price{}, "", false
	}
	name := strings.ToLower(model)
	for {
		for base := name; base != ""; base = withoutVersion(base) {
			if p, ok := table[base]; ok {
				return p, base, true
			}
		}
		cut := strings.IndexByte(name, '/')
		if cut < 0 {
			cut = vendorPrefix(name)
		}
		if cut < 0 {
			return price{}, "", false
		}
		name = name[cut+1:]
	}
}

// vendorPrefix finds the end of "us.anthropic." and its like, as Bedrock names models.
func vendorPrefix(name string) int {
	head, _, ok := strings.Cut(name, ".")
	if ok && (len(head) == 2 || slices.Contains([]string{"anthropic", "meta", "amazon", "mistral", "cohere", "deepseek", "apac", "global"}, head)) {
		return len(head)
	}
	return -1
}

// withoutVersion takes the last part off a name when it is a date, a number of version or the like; "" when it is none.
func withoutVersion(name string) string {
	at := strings.LastIndexAny(name, "-@:")
	if at <= 0 {
		return ""
	}
	last := name[at+1:]
	switch {
	case last == "latest", last == "preview", last == "exp", last == "experimental", last == "online":
	case strings.Trim(last, "0123456789") == "" && (len(last) == 2 || len(last) == 3 || len(last) == 4 || len(last) == 8 || name[at] == ':'):
	case len(last) >= 2 && last[0] == 'v' && isDigit(last[1]):
	default:
		return ""
	}
	return name[:at]
}
