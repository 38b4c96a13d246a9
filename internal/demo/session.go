package demo

import (
	"fmt"
	"math"
)

// session is one user's visit: a sign-in, some turns of conversation, an end.
type session struct {
	w       *Workload
	rng     random
	user    person
	id      string
	region  string
	subject *subject
	turns   int
}

func (w *Workload) startSessions(start int64) {
	rng := w.rng.fork()
	w.arrivals(start, w.rate*sessionShare/eventsPerSession, func(now int64) {
		s := &session{w: w, rng: rng.fork()}
		s.user = personOf(w.userOf.draw(&s.rng))
		s.id = "session_" + hexID(&s.rng, 12)
		s.region = s.user.place.region()
		s.subject = &subjects[s.rng.below(len(subjects))]
		s.turns = 1 + int(s.rng.exponential(3.2))
		s.signIn(now)
	})
}

// appEvent begins an event of one of the app's services in this session.
func (s *session) appEvent(at int64, level, service, request, trace string) *object {
	o := s.w.begin(at, level, service)
	o.text("environment", "production")
	o.text("region", s.region)
	o.text("deployment_version", versions[service])
	o.text("user_id", s.user.id)
	o.text("session_id", s.id)
	o.text("request_id", request)
	o.text("trace_id", trace)
	s.user.writeOrigin(o)
	return o
}

// signIn verifies the token; while signing keys are out of step some are turned away.
func (s *session) signIn(now int64) {
	took := int(s.rng.logNormal(18, 0.4)) + 1
	request, trace := requestID(&s.rng), hexID(&s.rng, 32)
	if s.rng.chance(0.01 + 0.7*s.w.incident.severity(staleKeys, now)) {
		o := s.appEvent(now, "ERROR", "auth-service", request, trace)
		o.integer("response_time", took)
		o.text("response_time_category", latencyClass(took))
		o.integer("status", 401)
		o.text("error_type", "JsonWebTokenError")
		o.text("error_message", "no key with id 2026-03b in the cached key set")
		o.text("stack_trace", "JsonWebTokenError: no key with id 2026-03b in the cached key set\n    at KeySet.find (/app/src/jwt/keyset.js:48:11)\n    at verifyToken (/app/src/jwt/verify.js:31:27)\n    at authenticate (/app/src/middleware/auth.js:19:20)")
		s.w.finish(now, appIndex, fmt.Sprintf("OAuth token rejected: user_id=%s reason=unknown_signing_key ip=%s", s.user.id, s.user.address))
		if s.rng.chance(0.5) {
			return // gives up
		}
	} else {
		o := s.appEvent(now, "INFO", "auth-service", request, trace)
		o.integer("response_time", took)
		o.text("response_time_category", latencyClass(took))
		o.integer("status", 200)
		o.text("http_user_agent", s.user.client)
		o.text("plan", s.user.plan)
		s.w.finish(now, appIndex, fmt.Sprintf("OAuth token verified: user_id=%s scope=read_profile,write_apps ip=%s", s.user.id, s.user.address))
	}
	s.w.after(now, s.rng.exponential(4000), s.turn)
}

// turn is one message of the user and all that answering it takes. Its events have one trace id.
func (s *session) turn(now int64) {
	s.turns--
	trace, request := hexID(&s.rng, 32), requestID(&s.rng)
	at := now
	if s.rng.chance(0.12) {
		s.appEvent(at, "DEBUG", "mcp-server", request, trace)
		s.w.finish(at, appIndex, fmt.Sprintf("Turn accepted: session=%s turns_left=%d queue_depth=%d", s.id, s.turns, s.rng.below(9)))
	}
	answered := true
	at, answered = s.ask(at, request, trace)
	if answered && s.rng.chance(0.7) {
		t := &tools[toolOf.draw(&s.rng)]
		at = s.callTool(at, t, request, trace, 1)
		if t.widget != "" {
			at = s.showWidget(at, t.widget, request, trace)
		}
	}
	if s.turns > 0 {
		s.w.after(at, s.rng.logNormal(14_000, 0.8), s.turn)
		return
	}
	s.w.after(at, s.rng.exponential(20_000), func(now int64) {
		s.appEvent(now, "INFO", "mcp-server", request, trace)
		s.w.finish(now, appIndex, fmt.Sprintf("Session closed: session=%s user=%s plan=%s", s.id, s.user.id, s.user.plan))
	})
}

// callTool logs a call when it is over, and tries a failed one once more.
func (s *session) callTool(start int64, t *tool, request, trace string, attempt int) (end int64) {
	severity := 0.0
	if t.service == "restaurant-booking" {
		severity = s.w.incident.severity(exhaustedPool, start)
	}
	if t.recommends {
		start = s.w.infer(start, s, request, trace)
	}
	if s.rng.chance(0.022 + 0.6*severity) {
		return s.failTool(start, t, request, trace, attempt, severity > 0)
	}
	took := int(s.rng.logNormal(t.medianMillis, 0.45)*(1+4*severity)) + 1
	end = start + int64(took)
	level := "INFO"
	if took > 4000 {
		level = "WARN"
	}
	o := s.appEvent(end, level, t.service, request, trace)
	o.text("tool_name", t.name)
	o.integer("response_time", took)
	o.text("response_time_category", latencyClass(took))
	o.integer("status", 200)
	o.integer("attempt", attempt)
	s.w.finish(end, appIndex, fmt.Sprintf("Tool call: %s user=%s duration=%dms", t.name, s.user.id, took))
	return end
}

// failTool logs a failed call; in an incident it fails with the first of the service's failures.
func (s *session) failTool(start int64, t *tool, request, trace string, attempt int, incident bool) (end int64) {
	f := &t.failures[s.rng.below(len(t.failures))]
	if incident {
		f = &t.failures[0]
	}
	took := int(s.rng.logNormal(t.medianMillis/2, 0.5)) + 1
	if f.timeout {
		took = 10_000 + s.rng.below(60)
	}
	end = start + int64(took)
	o := s.appEvent(end, "ERROR", t.service, request, trace)
	o.text("tool_name", t.name)
	o.integer("response_time", took)
	o.text("response_time_category", latencyClass(took))
	o.integer("status", f.status)
	o.integer("attempt", attempt)
	o.text("error_type", f.kind)
	o.text("error_message", f.message)
	o.text("stack_trace", f.trace())
	s.w.finish(end, appIndex, fmt.Sprintf("Tool call failed: %s user=%s duration=%dms error=%s: %s", t.name, s.user.id, took, f.kind, f.message))
	if attempt > 1 || f.status == 402 || f.status == 400 {
		return end
	}
	end += int64(200 + s.rng.below(400))
	s.appEvent(end, "WARN", "mcp-server", request, trace).text("tool_name", t.name)
	s.w.finish(end, appIndex, fmt.Sprintf("Retrying tool call: %s attempt=2 of 2 after %s", t.name, f.kind))
	return s.callTool(end, t, request, trace, attempt+1)
}

// showWidget logs the rendering of a widget in the user's browser.
func (s *session) showWidget(start int64, widget, request, trace string) (end int64) {
	severity := 0.0
	if widget == "MapWidget" {
		severity = s.w.incident.severity(slowTiles, start)
	}
	if s.rng.chance(0.01 + 0.6*severity) {
		end = start + 5000
		o := s.appEvent(end, "WARN", "widget-runtime", request, trace)
		o.text("tool_name", widget)
		o.integer("response_time", 5000)
		o.text("response_time_category", latencyClass(5000))
		o.text("error_type", "WidgetTimeout")
		s.w.finish(end, appIndex, fmt.Sprintf("Widget timeout: %s component=Interactive%s timeout=5000ms", widget, widget[:min(3, len(widget))]))
		return end
	}
	took := int(s.rng.logNormal(85, 0.5)*(1+6*severity)) + 3
	end = start + int64(took)
	o := s.appEvent(end, "INFO", "widget-runtime", request, trace)
	o.text("tool_name", widget)
	o.integer("response_time", took)
	o.text("response_time_category", latencyClass(took))
	s.w.finish(end, appIndex, fmt.Sprintf("Widget rendered: %s in %dms frames=%d", widget, took, int(math.Ceil(float64(took)/16.7))))
	return end
}
