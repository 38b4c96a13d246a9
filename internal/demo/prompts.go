package demo

import "strings"

// subject is what a conversation is about. {a} stands for one of the details, {city} for where the
// user is.
type subject struct {
	category  string
	exchanges []exchange
	details   []string
}

// exchange is what a user asks and what the model answers.
type exchange struct{ prompt, answer string }

var subjects = []subject{
	{"food", []exchange{
		{"Find me a {a} place in {city} for tonight, four people",
			"I found three {a} restaurants in {city} with a free table tonight. The best rated one is ten minutes on foot from you."},
		{"Is there a {a} restaurant near the main station in {city} that is open on Monday?",
			"Yes: two {a} places near you are open on Monday. Shall I reserve a table?"},
		{"Book a table for two at the {a} place you showed me, 19:30 please",
			"Done, your table is reserved. You will get a confirmation by e-mail, and you can cancel until two hours before."},
		{"What does a {a} dinner in {city} cost on average?",
			"A {a} dinner in {city} comes to about 28 a person without drinks; the two best known places are closer to 45."},
	}, []string{"Thai", "vegan", "Italian", "ramen", "tapas", "Georgian", "seafood", "Ethiopian"}},
	{"travel", []exchange{
		{"Cheapest flight from {city} to {a} next Friday, back on Sunday",
			"The cheapest connection to {a} leaves {city} at 06:40 and costs 118 with hand luggage. A direct flight at 09:15 costs 164."},
		{"What will the weather be like in {a} this weekend?",
			"{a} will be mostly sunny, 17 to 21 degrees, with a shower on Sunday afternoon."},
		{"Plan three days in {a} with a child of six",
			"Day one: the old town and the aquarium. Day two: a boat trip and a picnic. Day three: the science museum in {a}, which has a floor for small children."},
		{"Which hotels in {a} have a pool and are close to the centre?",
			"Two hotels in {a} have a pool and are within ten minutes of the centre on foot. The smaller one still has rooms for your dates."},
	}, []string{"Lisbon", "Kyoto", "Oslo", "Marrakesh", "Vancouver", "Athens", "Edinburgh", "Hanoi"}},
	{"coding", []exchange{
		{"Why does my {a} fail with 'context deadline exceeded' only in production?",
			"The {a} inherits the deadline of its caller. In production the call before it takes longer, so little is left. Give it a deadline of its own, or start it earlier."},
		{"Write a unit test for a {a} that retries three times",
			"Here is a test that drives the {a} with a fake clock and checks the three attempts and the time between them:\n\n```go\nfunc TestRetry(t *testing.T) { … }\n```"},
		{"Explain the difference between a mutex and a semaphore using a {a}",
			"A mutex lets one in, a semaphore lets n in. For a {a} that has a limit of eight connections you want the semaphore."},
		{"Refactor this {a} so that it does not block the event loop",
			"I moved the blocking call of the {a} to a worker thread and left the interface as it was. The diff is 14 lines; the one place to check is the shutdown, which now waits for the worker."},
	}, []string{"gRPC client", "worker pool", "webhook handler", "database migration", "rate limiter", "queue consumer"}},
	{"analysis", []exchange{
		{"Summarise the attached report about {a} in five bullet points",
			"In short: {a} grew by 8% against last quarter, mostly from returning customers. Costs rose by 3%. Two regions are below plan, and the report names late deliveries as the cause."},
		{"Which of our documents mention {a} and a date after January?",
			"Four documents mention {a} after January. The most relevant is the board paper of 12 February, page 7."},
		{"Compare the figures for {a} with those of last quarter",
			"{a} is 12% above last quarter. Without the one-off effect in March it would be 5%."},
	}, []string{"churn", "warehouse costs", "subscription revenue", "support volume", "energy use"}},
	{"writing", []exchange{
		{"Write a friendly reminder about {a} to a customer in {city}",
			"Hello! A short note about {a}: it would help us a lot if you could look at it by Thursday. Thank you, and greetings to {city}."},
		{"Make this announcement about {a} shorter and less formal",
			"We are changing {a} on the first of the month. For you everything stays as simple as it is."},
		{"Translate the paragraph on {a} into French and keep the tone",
			"Voici la traduction. J'ai gardé le ton direct de l'original et le terme «{a}» tel quel."},
	}, []string{"an open invoice", "the new opening hours", "a delayed order", "data retention", "the summer event"}},
	{"support", []exchange{
		{"I was charged twice for {a}, please refund one",
			"I see two charges for {a} on the same day. I have started the refund of the second; it takes three to five days."},
		{"How do I cancel {a} before it renews?",
			"Open Settings, then Billing, choose {a} and press Cancel. It stays active until the end of the period."},
		{"My app says 'session expired' whenever I open {a}",
			"That happens when the clock of the device is off by more than five minutes. Please switch on automatic time and open {a} again."},
	}, []string{"my subscription", "the team plan", "an add-on", "the booking", "the gift card"}},
}

// compose makes a prompt and an answer to it.
func (s *subject) compose(r *random, city string) (prompt, answer string) {
	fill := strings.NewReplacer("{a}", pick(r, s.details), "{city}", city)
	e := pick(r, s.exchanges)
	return fill.Replace(e.prompt), fill.Replace(e.answer)
}
