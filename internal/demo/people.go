package demo

import "fmt"

// userCount is the number of people who use the imitated product.
const userCount = 4000

// person is a user with all that stays the same about them from session to session. It follows from
// the number alone, so that the same user looks the same under every seed.
type person struct {
	id      string
	address string
	plan    string
	client  string
	model   *chatModel
	place   *place
}

func personOf(n int) person {
	r := random{state: uint64(n) * 0x2545f4914f6cdd1d}
	return person{
		id: fmt.Sprintf("user_%04x", (n*40503+9001)&0xffff),
		// The three blocks of RFC 5737 belong to nobody.
		address: fmt.Sprintf("%s.%d", pick(&r, []string{"192.0.2", "198.51.100", "203.0.113"}), r.between(1, 254)),
		plan:    pick(&r, []string{"free", "free", "free", "plus", "plus", "team", "enterprise"}),
		client:  pick(&r, clients),
		model:   &chatModels[chatModelOf.draw(&r)],
		place:   &places[placeOf.draw(&r)],
	}
}

var clients = []string{
	"ChatGPT/1.2026.048 (iOS 19.3; iPhone17,1)",
	"ChatGPT/1.2026.041 (Android 16; Pixel 10)",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0",
	"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36",
}

// placeOf makes some cities larger than others.
var placeOf = newAlias([]float64{7, 4, 9, 3, 12, 9, 5, 4, 4, 6, 6, 4, 3, 7, 6, 4, 8, 4, 3, 2})

// writeOrigin writes where a request came from.
func (p *person) writeOrigin(o *object) {
	o.text("client_ip", p.address)
	o.open("geoip")
	o.text("country_code2", p.place.country)
	o.text("country_name", p.place.countryName)
	o.text("city_name", p.place.city)
	o.open("location")
	o.decimal("lat", p.place.lat, 3)
	o.decimal("lon", p.place.lon, 3)
	o.close()
	o.close()
}

// chatModel is a language model, what it costs and how fast it is.
type chatModel struct {
	name string
	// promptPrice and answerPrice are per million tokens, in US dollars.
	promptPrice, answerPrice float64
	// firstTokenMillis and tokenMillis make up the median latency.
	firstTokenMillis, tokenMillis float64
}

var chatModels = []chatModel{
	{"gpt-4o", 2.5, 10, 420, 9}, {"gpt-4o-mini", 0.15, 0.6, 260, 5}, {"gpt-4-turbo", 10, 30, 700, 18},
	{"o3-mini", 1.1, 4.4, 2600, 7}, {"gpt-3.5-turbo", 0.5, 1.5, 210, 6},
}

var chatModelOf = newAlias([]float64{34, 38, 6, 12, 10})
