package processor

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// registeredDomain takes a domain name apart by the list of public suffixes.
type registeredDomain struct {
	field         *path
	prefix        string // of the result's fields
	ignoreMissing bool
}

func newRegisteredDomain(c *config) (Processor, error) {
	p := &registeredDomain{field: c.path("field"), prefix: c.strOr("target_field", ""), ignoreMissing: c.flag("ignore_missing", true)}
	if p.prefix != "" {
		c.pathOf("target_field", p.prefix)
		p.prefix += "."
	}
	return p, c.err
}

// Run sets the parts.
func (p *registeredDomain) Run(d *Document) error {
	name, present, err := d.text(p.field, p.ignoreMissing)
	if err != nil {
		return err
	}
	parts, known := splitDomain(name)
	if !present || !known {
		if p.ignoreMissing {
			return nil
		}
		return eserr.IllegalArgument("unable to set domain information for document")
	}
	for _, part := range parts {
		if part.text == "" {
			continue
		}
		to, err := parsePath(p.prefix + part.name)
		if err != nil {
			return err
		}
		if err := d.set(to, event.StringOf(part.text)); err != nil {
			return err
		}
	}
	return nil
}

type domainPart struct{ name, text string }

// splitDomain takes a name apart; known is false when it ends in no public suffix.
func splitDomain(name string) (parts []domainPart, known bool) {
	lower := strings.ToLower(strings.TrimSuffix(name, "."))
	suffix, managed := publicsuffix.PublicSuffix(lower)
	if lower == "" || !managed && !strings.Contains(suffix, ".") { // the list's last rule takes any last label
		return nil, false
	}
	if suffix == lower {
		return []domainPart{{"domain", name}, {"top_level_domain", name}}, true
	}
	registered, err := publicsuffix.EffectiveTLDPlusOne(lower)
	if err != nil {
		return nil, false
	}
	registered = name[len(strings.TrimSuffix(name, "."))-len(registered):]
	sub := strings.TrimSuffix(strings.TrimSuffix(name, registered), ".")
	return []domainPart{{"domain", name}, {"registered_domain", registered}, {"top_level_domain", suffix}, {"subdomain", sub}}, true
}
