package lifecycle

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// policy is a stored policy, parsed.
type policy struct {
	phases []phase // those it has, in the order of phaseNames
}

// phase is what a policy does from an age on.
type phase struct {
	name    string
	minAge  time.Duration
	actions []step
	json    []byte // as it was written
}

// step is one action of a phase; act is nil for one that does nothing here.
type step struct {
	name string
	act  action
}

// phaseNames are the phases in the order in which an index passes through them.
var phaseNames = []string{"hot", "warm", "cold", "frozen", "delete"}

// parsePolicy reads the object inside "policy". Anything that is not known is an error, naming it:
// guessing what a policy meant may delete data.
func parsePolicy(data []byte) (*policy, error) {
	root, err := jsonval.Parse(data)
	if err != nil {
		return nil, err
	}
	p := &policy{}
	var phases *jsonval.Node
	for i, key := range root.Keys {
		switch key {
		case "phases":
			phases = &root.Items[i]
		case "_meta", "deprecated": // for people
		default:
			return nil, fmt.Errorf("unknown member [%s]", key)
		}
	}
	if phases == nil || phases.Kind != jsonval.Object {
		return nil, fmt.Errorf("there are no [phases]")
	}
	for _, name := range phases.Keys {
		if !slices.Contains(phaseNames, name) {
			return nil, fmt.Errorf("unknown phase [%s]", name)
		}
	}
	for _, name := range phaseNames {
		if body := phases.Get(name); body != nil {
			ph, err := parsePhase(name, body)
			if err != nil {
				return nil, fmt.Errorf("phase [%s]: %w", name, err)
			}
			p.phases = append(p.phases, ph)
		}
	}
	return p, nil
}

func parsePhase(name string, body *jsonval.Node) (phase, error) {
	ph := phase{name: name, json: body.Raw}
	for i, key := range body.Keys {
		value := &body.Items[i]
		switch key {
		case "min_age":
			millis, err := dates.ParseDuration(value.Text)
			if err != nil {
				return ph, fmt.Errorf("[min_age]: %w", err)
			}
			ph.minAge = time.Duration(millis) * time.Millisecond
		case "actions":
			var err error
			if ph.actions, err = parseActions(value); err != nil {
				return ph, err
			}
		default:
			return ph, fmt.Errorf("unknown member [%s]", key)
		}
	}
	return ph, nil
}

// parseActions puts the actions into the order of the table, which is that in which they are done.
func parseActions(body *jsonval.Node) ([]step, error) {
	for _, name := range body.Keys {
		if !slices.ContainsFunc(actionTable, func(d definition) bool { return d.name == name }) {
			return nil, fmt.Errorf("unknown action [%s]", name)
		}
	}
	var steps []step
	for _, d := range actionTable {
		settings := body.Get(d.name)
		if settings == nil {
			continue
		}
		act, err := d.parse(settings)
		if err != nil {
			return nil, fmt.Errorf("action [%s]: %w", d.name, err)
		}
		steps = append(steps, step{name: d.name, act: act})
	}
	return steps, nil
}

// rollover is the policy's rollover, nil when it has none.
func (p *policy) rollover() *es.RolloverConditions {
	for _, ph := range p.phases {
		for _, s := range ph.actions {
			if r, ok := s.act.(*rolloverAction); ok {
				return &r.conditions
			}
		}
	}
	return nil
}

// notActing names the actions that are taken without doing anything here.
func (p *policy) notActing() string {
	var names []string
	for _, ph := range p.phases {
		for _, s := range ph.actions {
			if s.act == nil {
				names = append(names, ph.name+"."+s.name)
			}
		}
	}
	return strings.Join(names, ", ")
}

// CheckPolicy refuses a policy that cannot be carried out, naming what is wrong with it. A policy that names what does nothing here
// is taken.
func CheckPolicy(data []byte) error {
	if _, err := parsePolicy(data); err != nil {
		return eserr.IllegalArgument("the lifecycle policy cannot be carried out: %s", err)
	}
	return nil
}
