package demo

import (
	"fmt"
	"math"
)

// trouble is a kind of incident.
type trouble int

const (
	exhaustedPool trouble = iota // the booking database has no connections left
	slowModel                    // a new version of the recommendation model is slow
	rateLimits                   // the model provider limits the rate
	slowTiles                    // the map's tile server is slow
	staleKeys                    // a signing key was changed and not everyone knows
	troubleKinds
)

// incident is what goes wrong at present, or went wrong last. One thing goes wrong at a time, so that
// a person who looks can tell cause and effect.
type incident struct {
	kind       trouble
	start, end int64
	left       []trouble // kinds to come before any comes again
}

// severity says how bad it is for a kind at a time: 0 for no trouble, up to 1. It comes up fast and
// goes slowly.
func (i *incident) severity(kind trouble, at int64) float64 {
	if i.kind != kind || at < i.start || at >= i.end {
		return 0
	}
	done := float64(at-i.start) / float64(i.end-i.start)
	return min(1, done*8) * math.Sqrt(1-done)
}

// Times between incidents and their length, in milliseconds.
const (
	minute           = 60_000.0
	firstIncident    = 11 * minute // soon enough that a new user sees one
	incidentGapMin   = 30 * minute
	incidentGapMean  = 45 * minute // added to the least gap
	incidentShortest = 4
	incidentLongest  = 13
)

func (w *Workload) startIncidents(start int64) {
	rng := w.rng.fork()
	w.incident.kind = troubleKinds
	var begin func(int64)
	begin = func(now int64) {
		i := &w.incident
		if len(i.left) == 0 {
			for kind := range troubleKinds {
				i.left = append(i.left, kind)
			}
		}
		at := rng.below(len(i.left))
		i.kind = i.left[at]
		i.left = append(i.left[:at], i.left[at+1:]...)
		i.start = now
		i.end = now + int64(minute)*int64(rng.between(incidentShortest, incidentLongest))
		w.announce(&rng, now)
		w.after(i.end, 0, func(end int64) { w.resolve(&rng, end) })
		w.after(i.end, incidentGapMin+rng.exponential(incidentGapMean), begin)
	}
	w.after(start, firstIncident+rng.exponential(3*minute), begin)
}

// sign is what the affected service says at the beginning and at the end of an incident.
type sign struct {
	service, level, begins, ends string
}

var signs = [troubleKinds]sign{
	exhaustedPool: {"restaurant-booking", "WARN", "Migration 0147_add_table_zone started on booking-primary, table reservations is locked", "Migration 0147_add_table_zone rolled back, pool booking-primary recovered: 9 of 64 connections in use"},
	slowModel:     {ranker, "INFO", "Rollout started: collaborative_filtering_v3 " + canaryVersion + " takes 35% of the traffic", "Rollout aborted: collaborative_filtering_v3 is back on " + rankerVersion + " everywhere, p95 was over 400ms"},
	rateLimits:    {"llm-gateway", "WARN", "Token budget of organisation at 100%: provider limits gpt-4o and gpt-4o-mini", "Token budget window reset, provider accepts requests again"},
	slowTiles:     {"widget-runtime", "WARN", "Tile server eu-2 is slow: median 3100ms over the last 30s", "Tile server eu-2 taken out of rotation, maps load in 90ms again"},
	staleKeys:     {"auth-service", "INFO", "Signing key changed: 2026-03a -> 2026-03b, 7 of 12 replicas have reloaded", "Key set reloaded on all 12 replicas"},
}

func (w *Workload) announce(r *random, now int64) {
	s := &signs[w.incident.kind]
	w.serviceEvent(r, now, s.level, s.service, s.begins)
	if w.incident.kind != exhaustedPool {
		return
	}
	// The pool fills up in front of one's eyes.
	for n, used := range []int{41, 52, 60, 64, 64} {
		at := now + int64(n+1)*4000
		o := w.serviceObject(r, at, "WARN", s.service)
		o.integer("pool_in_use", used)
		o.integer("pool_waiting", n*n*2)
		w.finish(at, appIndex, fmt.Sprintf("Connection pool booking-primary: %d of 64 connections in use, %d waiting", used, n*n*2))
	}
	at := now + 24_000
	o := w.serviceObject(r, at, "CRITICAL", s.service)
	o.text("error_message", "connection pool booking-primary exhausted")
	w.finish(at, appIndex, "Health check failed: connection pool booking-primary exhausted, readiness set to false")
}

func (w *Workload) resolve(r *random, now int64) {
	s := &signs[w.incident.kind]
	w.serviceEvent(r, now, "INFO", s.service, s.ends)
}

// serviceObject begins an event of a service's own that belongs to no session.
func (w *Workload) serviceObject(r *random, at int64, level, service string) *object {
	o := w.begin(at, level, service)
	o.text("environment", "production")
	o.text("region", pick(r, regions))
	if v, ok := versions[service]; ok {
		o.text("deployment_version", v)
	}
	return o
}

func (w *Workload) serviceEvent(r *random, at int64, level, service, message string) {
	w.serviceObject(r, at, level, service)
	w.finish(at, appIndex, message)
}
