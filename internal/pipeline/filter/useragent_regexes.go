package filter

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/useragent"
	"elkhorn/internal/vfs"
)

// agentRegexes are the rules of a file in the ua-parser project's format: of each list, the first expression that matches counts.
type agentRegexes struct {
	programs, systems, devices []agentRegex
}

// agentRegex is an expression, and what its groups are: name and version, or what stands in place of them.
type agentRegex struct {
	re      *pattern.Regexp
	name    string // with $1 to $9 for groups; "" for group 1
	version [3]string
}

const (
	// maxRegexesBytes bounds the file; the project's has 250 kB.
	maxRegexesBytes = 8 << 20
	// maxRegexes bounds its rules; the project's has 1,400. Each is tried on a header that is not in the cache.
	maxRegexes = 20_000
)

// readAgentRegexes reads the file that the option regexes names; nil without it.
func readAgentRegexes(env *pipeline.Env, s *plugin.Settings) (*agentRegexes, error) {
	if !s.Has("regexes") {
		return nil, nil
	}
	path := env.ResolvePath(s.String("regexes"))
	data, err := vfs.ReadFile(env.FS, path, maxRegexesBytes)
	if err != nil {
		return nil, s.Errorf("regexes", "%v", err)
	}
	r, err := parseAgentRegexes(data)
	if err != nil {
		return nil, s.Errorf("regexes", "%s: %v", path, err)
	}
	return r, nil
}

func parseAgentRegexes(data []byte) (*agentRegexes, error) {
	var file struct {
		Programs []map[string]string `yaml:"user_agent_parsers"`
		Systems  []map[string]string `yaml:"os_parsers"`
		Devices  []map[string]string `yaml:"device_parsers"`
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	if len(file.Programs) == 0 {
		return nil, errors.New("it has no user_agent_parsers")
	}
	if len(file.Programs)+len(file.Systems)+len(file.Devices) > maxRegexes {
		return nil, fmt.Errorf("it has more than %d rules", maxRegexes)
	}
	r := &agentRegexes{}
	var errs [3]error
	r.programs, errs[0] = compileAgentRegexes(file.Programs, "family_replacement", "v1_replacement", "v2_replacement", "v3_replacement")
	r.systems, errs[1] = compileAgentRegexes(file.Systems, "os_replacement", "os_v1_replacement", "os_v2_replacement", "os_v3_replacement")
	r.devices, errs[2] = compileAgentRegexes(file.Devices, "device_replacement")
	return r, errors.Join(errs[:]...)
}

func compileAgentRegexes(list []map[string]string, name string, version ...string) ([]agentRegex, error) {
	rules := make([]agentRegex, len(list))
	for i, entry := range list {
		source := entry["regex"]
		if source == "" {
			return nil, fmt.Errorf("a rule with %s has no regex", name)
		}
		if entry["regex_flag"] == "i" {
			source = "(?i)" + source
		}
		re, err := pattern.CompileJava(source)
		if err != nil {
			return nil, err
		}
		rules[i] = agentRegex{re: re, name: entry[name]}
		for part, key := range version {
			rules[i].version[part] = entry[key]
		}
	}
	return rules, nil
}

// parse takes a header apart.
func (r *agentRegexes) parse(header string) useragent.Agent {
	a := useragent.Agent{Name: "Other", OS: "Other", Device: "Other"}
	if name, version, ok := firstAgentRegex(r.programs, header); ok {
		a.Name, a.Version = name, version
	}
	if name, version, ok := firstAgentRegex(r.systems, header); ok {
		a.OS, a.OSVersion = name, version
	}
	if name, _, ok := firstAgentRegex(r.devices, header); ok {
		a.Device = name
	}
	return a
}

func firstAgentRegex(rules []agentRegex, header string) (name string, version useragent.Version, ok bool) {
	for i := range rules {
		rule := &rules[i]
		groups := rule.re.FindSubmatch(header)
		if groups == nil {
			continue
		}
		group := func(n int) string {
			if n < len(groups) {
				return groups[n]
			}
			return ""
		}
		if name = rule.name; name == "" {
			name = group(1)
		} else {
			name = strings.TrimSpace(withGroups(name, group))
		}
		if name == "" {
			continue
		}
		for part := range version {
			version[part] = group(part + 2)
			if part < len(rule.version) && rule.version[part] != "" {
				version[part] = withGroups(rule.version[part], group)
			}
		}
		return name, version, true
	}
	return "", version, false
}

// withGroups puts groups in place of $1 to $9.
func withGroups(text string, group func(n int) string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if after == "" || after[0] < '1' || after[0] > '9' {
			b.WriteByte('$')
			text = after
			continue
		}
		b.WriteString(group(int(after[0] - '0')))
		text = after[1:]
	}
}
