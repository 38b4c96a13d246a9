package processor

import (
	"net/url"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// uriParts takes an address of the web apart.
type uriParts struct {
	field, target                                   *path
	removeIfSuccessful, keepOriginal, ignoreMissing bool
}

func newURIParts(c *config) (Processor, error) {
	return &uriParts{
		field: c.path("field"), target: c.pathOr("target_field", "url"), removeIfSuccessful: c.flag("remove_if_successful", false),
		keepOriginal: c.flag("keep_original", true), ignoreMissing: c.flag("ignore_missing", false),
	}, c.err
}

// Run sets the parts.
func (p *uriParts) Run(d *Document) error {
	text, present, err := d.text(p.field, p.ignoreMissing)
	switch {
	case err != nil:
		return err
	case !present && p.ignoreMissing:
		return nil
	case !present:
		return eserr.IllegalArgument("field [%s] is null, cannot process it.", p.field.text)
	}
	parts, err := splitURI(text)
	if err != nil {
		return err
	}
	if p.keepOriginal {
		parts.SetMember("original", event.StringOf(text))
	}
	if p.removeIfSuccessful && p.target.text != p.field.text {
		if err := d.remove(p.field, false); err != nil {
			return err
		}
	}
	if err := d.spend(3 * len(text)); err != nil {
		return err
	}
	return d.set(p.target, parts)
}

func splitURI(text string) (value, error) {
	u, err := url.Parse(text)
	if err != nil {
		return value{}, eserr.IllegalArgument("unable to parse URI [%s]", text)
	}
	parts := event.NewObject()
	orNull := func(s string) value {
		if s == "" {
			return event.NullValue
		}
		return event.StringOf(s)
	}
	parts.SetMember("domain", orNull(u.Hostname()))
	if u.Fragment != "" {
		parts.SetMember("fragment", event.StringOf(u.Fragment))
	}
	if u.Opaque == "" {
		parts.SetMember("path", event.StringOf(u.Path))
		if slash := strings.LastIndexByte(u.Path, '/'); slash >= 0 {
			if dot := strings.LastIndexByte(u.Path[slash:], '.'); dot >= 0 {
				parts.SetMember("extension", event.StringOf(u.Path[slash+dot+1:]))
			}
		}
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		parts.SetMember("port", event.IntOf(int64(port)))
	}
	if u.RawQuery != "" {
		query, err := url.PathUnescape(u.RawQuery)
		if err != nil {
			query = u.RawQuery
		}
		parts.SetMember("query", event.StringOf(query))
	}
	parts.SetMember("scheme", orNull(u.Scheme))
	if u.User != nil {
		info := u.User.Username()
		if password, has := u.User.Password(); has {
			info += ":" + password
			parts.SetMember("username", event.StringOf(u.User.Username()))
			parts.SetMember("password", event.StringOf(password))
		}
		parts.SetMember("user_info", event.StringOf(info))
	}
	return parts, nil
}
