package demo

import "fmt"

// ask sends the user's message to a language model. When the provider limits the rate, the gateway
// waits and tries again, and gives up after the third time.
func (s *session) ask(start int64, request, trace string) (end int64, answered bool) {
	model := s.user.model
	if s.rng.chance(0.15) {
		model = &chatModels[chatModelOf.draw(&s.rng)]
	}
	prompt, answer := s.subject.compose(&s.rng, s.user.place.city)
	limited := 0.0
	if model.name == "gpt-4o" || model.name == "gpt-4o-mini" {
		limited = s.w.incident.severity(rateLimits, start)
	}
	at := start
	for attempt := 1; ; attempt++ {
		if !s.rng.chance(0.004 + 0.75*limited) {
			return s.logAnswer(at, model, prompt, answer, request, trace, attempt), true
		}
		at += int64(40 + s.rng.below(80))
		s.logRateLimit(at, model, prompt, request, trace, attempt)
		if attempt == 3 {
			return at, false
		}
		at += int64(500<<attempt + s.rng.below(250))
	}
}

// llmEvent begins an event of the gateway.
func (s *session) llmEvent(at int64, level, event string, model *chatModel, prompt, request, trace string) *object {
	o := s.w.begin(at, level, "llm-gateway")
	o.text("event_type", event)
	o.text("environment", "production")
	o.text("region", s.region)
	o.text("deployment_version", versions["llm-gateway"])
	o.text("model", model.name)
	o.text("user_id", s.user.id)
	o.text("session_id", s.id)
	o.text("request_id", request)
	o.text("trace_id", trace)
	o.text("prompt", prompt)
	o.text("prompt_category", s.subject.category)
	o.integer("prompt_length", len(prompt))
	o.integer("hour_of_day", int(at/3_600_000%24))
	return o
}

func (s *session) logAnswer(start int64, model *chatModel, prompt, answer, request, trace string, attempt int) (end int64) {
	// A request carries the conversation so far and the description of the tools.
	promptTokens := len(prompt)/4 + 180 + int(s.rng.exponential(600))
	answerTokens := len(answer)/4 + int(s.rng.exponential(40))
	latency := s.rng.logNormal(model.firstTokenMillis+model.tokenMillis*float64(answerTokens), 0.3)
	end = start + int64(latency) + 1
	level := "INFO"
	if latency > 8000 {
		level = "WARN"
	}
	cost := (float64(promptTokens)*model.promptPrice + float64(answerTokens)*model.answerPrice) / 1e6
	o := s.llmEvent(end, level, "interaction", model, prompt, request, trace)
	o.text("response", answer)
	o.integer("response_length", len(answer))
	o.integer("prompt_tokens", promptTokens)
	o.integer("completion_tokens", answerTokens)
	o.integer("tokens_used", promptTokens+answerTokens)
	o.decimal("cost", cost, 6)
	o.decimal("latency_ms", latency, 1)
	o.integer("response_time", int(latency))
	o.integer("attempt", attempt)
	o.text("finish_reason", s.finishReason())
	s.w.finish(end, llmIndex, fmt.Sprintf("Completion by %s: %d tokens in %.0fms for %s", model.name, promptTokens+answerTokens, latency, s.user.id))
	return end
}

func (s *session) finishReason() string {
	switch n := s.rng.below(100); {
	case n < 62:
		return "stop"
	case n < 97:
		return "tool_calls"
	case n < 99:
		return "length"
	default:
		return "content_filter"
	}
}

func (s *session) logRateLimit(at int64, model *chatModel, prompt, request, trace string, attempt int) {
	level := "WARN"
	if attempt == 3 {
		level = "ERROR"
	}
	reason := fmt.Sprintf("429 Too Many Requests: limit of 2000000 tokens per minute reached for %s, retry after %dms", model.name, 500<<attempt)
	o := s.llmEvent(at, level, "error", model, prompt, request, trace)
	o.integer("status", 429)
	o.integer("attempt", attempt)
	o.text("error", "rate_limit_exceeded")
	o.text("error_type", "RateLimitError")
	o.text("error_message", reason)
	if level == "ERROR" {
		o.text("stack_trace", "RateLimitError: "+reason+"\n  File \"/srv/gateway/providers/openai.py\", line 212, in complete\n  File \"/srv/gateway/retry.py\", line 58, in with_backoff\n  File \"/srv/gateway/app.py\", line 97, in chat")
	}
	s.w.finish(at, llmIndex, fmt.Sprintf("Provider refused the request: %s attempt=%d", reason, attempt))
}
