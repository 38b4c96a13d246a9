package demo

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// ranker is the recommendation model; canary is the version that an incident rolls out.
const (
	ranker        = "recommendation-model-prod"
	rankerVersion = "3.2.1"
	canaryVersion = "3.3.0-rc1"
)

// startFeed makes the predictions that no chat asks for: the suggestions on the start page.
func (w *Workload) startFeed(start int64) {
	rng := w.rng.fork()
	w.arrivals(start, w.rate*feedShare, func(now int64) {
		s := &session{w: w, rng: rng.fork()}
		s.user = personOf(w.userOf.draw(&s.rng))
		s.id = "session_" + hexID(&s.rng, 12)
		s.region = s.user.place.region()
		w.infer(now, s, requestID(&s.rng), hexID(&s.rng, 32))
	})
}

// prediction is what one inference measured and gave.
type prediction struct {
	version, variant  string
	featureStore      int
	engineering       int
	batching          int
	postProcessing    int
	latency           int
	cacheHit          bool
	scores            []float64
	drift             float64
	slow, unconfident bool
}

// infer ranks something for the session's user and logs it when it is done.
func (w *Workload) infer(start int64, s *session, request, trace string) (end int64) {
	r := &s.rng
	p := prediction{version: rankerVersion, variant: pick(r, []string{"prod", "prod", "prod", "shadow"})}
	severity := w.incident.severity(slowModel, start)
	onCanary := severity > 0 && r.chance(0.35)
	if onCanary {
		p.version, p.variant = canaryVersion, "canary"
	}
	p.cacheHit = r.chance(0.82)
	p.featureStore = 1 + int(r.logNormal(4, 0.4))
	if !p.cacheHit {
		p.featureStore += int(r.logNormal(38, 0.4))
	}
	p.engineering = 1 + int(r.logNormal(11, 0.3))
	p.batching = 1 + int(r.logNormal(46, 0.35))
	if onCanary {
		p.batching = int(float64(p.batching) * (4 + 9*severity))
	}
	p.postProcessing = 1 + int(r.logNormal(8, 0.3))
	p.latency = p.featureStore + p.engineering + p.batching + p.postProcessing
	p.slow = p.latency > 400
	if onCanary && r.chance(0.12) {
		return w.logLostInference(start, s, &p, request, trace)
	}
	p.scoreItems(r, onCanary)
	w.logInference(start+int64(p.latency), s, &p, request, trace)
	return start + int64(p.latency)
}

// scoreItems gives falling scores; the canary is less sure of itself.
func (p *prediction) scoreItems(r *random, onCanary bool) {
	score := 0.80 + 0.19*r.float()
	p.drift = 0.05 + 0.1*r.float()
	if onCanary {
		score *= 0.7
		p.drift += 0.25
	}
	for range r.between(4, 6) {
		p.scores = append(p.scores, math.Round(score*100)/100)
		score *= 0.78 + 0.2*r.float()
	}
	p.unconfident = p.scores[0] < 0.65
}

// inferenceEvent begins an event in the layout of the inference schema.
func (w *Workload) inferenceEvent(at int64, level, event string, s *session, p *prediction, request, trace string) *object {
	o := w.begin(at, level, ranker)
	o.text("service", ranker)
	o.text("environment", "production")
	o.text("region", s.region)
	o.text("event_type", event)
	o.text("request_id", request)
	o.text("trace_id", trace)
	o.text("user_id", s.user.id)
	o.open("model_metadata")
	o.text("model_name", "collaborative_filtering_v3")
	o.text("model_version", p.version)
	o.text("training_date", time.UnixMilli(at).UTC().AddDate(0, 0, -7).Format(time.DateOnly))
	o.text("serving_variant", p.variant)
	o.close()
	o.open("request_context")
	o.text("user_id", s.user.id)
	o.text("session_id", s.id)
	o.integer("timestamp_ms", int(at))
	o.integer("batch_size", 1<<s.rng.between(3, 5))
	o.close()
	return o
}

func (w *Workload) logInference(at int64, s *session, p *prediction, request, trace string) {
	r := &s.rng
	level := "INFO"
	if p.slow || p.unconfident {
		level = "WARN"
	}
	o := w.inferenceEvent(at, level, "inference_complete", s, p, request, trace)
	o.open("input_features")
	o.text("feature_vector_hash", "sha256_"+hexID(r, 16))
	o.integer("feature_count", 128)
	o.integer("feature_store_latency_ms", p.featureStore)
	o.boolean("cache_hit", p.cacheHit)
	o.integer("feature_engineering_duration_ms", p.engineering)
	o.close()
	o.open("inference_metrics")
	o.integer("latency_ms", p.latency)
	o.integer("gpu_memory_mb", r.between(310, 345))
	o.integer("batch_processing_time_ms", p.batching)
	o.integer("post_processing_time_ms", p.postProcessing)
	o.close()
	above := 0
	for _, score := range p.scores {
		if score >= 0.5 {
			above++
		}
	}
	o.open("output")
	o.list("prediction", len(p.scores), func(dst []byte, _ int) []byte { return strconv.AppendInt(dst, int64(r.below(5000)), 10) })
	o.list("confidence_scores", len(p.scores), func(dst []byte, i int) []byte { return strconv.AppendFloat(dst, p.scores[i], 'f', -1, 64) })
	o.decimal("confidence_threshold_applied", 0.5, 2)
	o.integer("items_above_threshold", above)
	o.close()
	o.open("quality_metrics")
	o.integer("input_tokens", 256)
	o.integer("output_tokens", len(p.scores))
	o.decimal("perplexity", 1.8+r.float(), 2)
	o.close()
	o.open("anomaly_signals")
	o.boolean("latency_anomalous", p.slow)
	o.boolean("confidence_anomalous", p.unconfident)
	o.decimal("drift_score", p.drift, 3)
	o.close()
	o.integer("response_time", p.latency)
	w.finish(at, inferenceIndex, fmt.Sprintf("Inference complete: model=%s version=%s items=%d top_score=%.2f latency=%dms",
		"collaborative_filtering_v3", p.version, len(p.scores), p.scores[0], p.latency))
}

// logLostInference logs a prediction that took too long to be of use.
func (w *Workload) logLostInference(start int64, s *session, p *prediction, request, trace string) (end int64) {
	end = start + 2000
	o := w.inferenceEvent(end, "ERROR", "inference_failed", s, p, request, trace)
	o.open("inference_metrics")
	o.integer("latency_ms", 2000)
	o.close()
	o.integer("response_time", 2000)
	o.text("error_type", modelTimeout.kind)
	o.text("error_message", modelTimeout.message)
	o.text("stack_trace", modelTimeout.trace())
	w.finish(end, inferenceIndex, fmt.Sprintf("Inference failed: version=%s %s", p.version, modelTimeout.message))
	return end
}
