package dates

// named maps the names Elasticsearch gives to formats. Each strict_ name wants
// full digits; the plain one beside it also reads single digits.
var named = namedFormats()

func namedFormats() map[string]layout {
	table := map[string]layout{
		"epoch_millis": epoch{perSecond: 1000},
		"epoch_second": epoch{perSecond: 1},
		"iso8601":      &iso{minDate: 1, maxDate: 3, maxTime: toFraction, zone: optionalZone, strict: true, fraction: 3},

		"basic_date":                &iso{minDate: 3, maxDate: 3, basic: true},
		"basic_date_time":           &iso{minDate: 3, maxDate: 3, minTime: toFraction, maxTime: toFraction, zone: wantZone, basic: true, fraction: 3},
		"basic_date_time_no_millis": &iso{minDate: 3, maxDate: 3, minTime: toSecond, maxTime: toSecond, zone: wantZone, basic: true},
		"basic_time":                &iso{minTime: toFraction, maxTime: toFraction, zone: wantZone, basic: true, fraction: 3},
		"basic_time_no_millis":      &iso{minTime: toSecond, maxTime: toSecond, zone: wantZone, basic: true},
		"basic_t_time":              &iso{minTime: toFraction, maxTime: toFraction, zone: wantZone, basic: true, tPrefix: true, fraction: 3},
		"basic_t_time_no_millis":    &iso{minTime: toSecond, maxTime: toSecond, zone: wantZone, basic: true, tPrefix: true},

		"strict_date_optional_time_nanos": &iso{minDate: 1, maxDate: 3, maxTime: toFraction, zone: optionalZone, strict: true, bareT: true, fraction: 3},
	}
	for name, shape := range lenientAndStrict() {
		strict := shape
		strict.strict = true
		table[name] = &shape
		table["strict_"+name] = &strict
	}
	return table
}

// lenientAndStrict lists the formats that come in both manners.
func lenientAndStrict() map[string]iso {
	return map[string]iso{
		"date_optional_time": {minDate: 1, maxDate: 3, maxTime: toFraction, zone: optionalZone, bareT: true, fraction: 3},

		"year":           {minDate: 1, maxDate: 1},
		"year_month":     {minDate: 2, maxDate: 2},
		"year_month_day": {minDate: 3, maxDate: 3},
		"date":           {minDate: 3, maxDate: 3},

		"date_hour":                        {minDate: 3, maxDate: 3, minTime: toHour, maxTime: toHour},
		"date_hour_minute":                 {minDate: 3, maxDate: 3, minTime: toMinute, maxTime: toMinute},
		"date_hour_minute_second":          {minDate: 3, maxDate: 3, minTime: toSecond, maxTime: toSecond},
		"date_hour_minute_second_millis":   {minDate: 3, maxDate: 3, minTime: toFraction, maxTime: toFraction, fraction: 3},
		"date_hour_minute_second_fraction": {minDate: 3, maxDate: 3, minTime: toFraction, maxTime: toFraction, fraction: 3},
		"date_time":                        {minDate: 3, maxDate: 3, minTime: toSecond, maxTime: toFraction, zone: wantZone, fraction: 3},
		"date_time_no_millis":              {minDate: 3, maxDate: 3, minTime: toSecond, maxTime: toSecond, zone: wantZone},

		"hour":                        {minTime: toHour, maxTime: toHour},
		"hour_minute":                 {minTime: toMinute, maxTime: toMinute},
		"hour_minute_second":          {minTime: toSecond, maxTime: toSecond},
		"hour_minute_second_millis":   {minTime: toFraction, maxTime: toFraction, fraction: 3},
		"hour_minute_second_fraction": {minTime: toFraction, maxTime: toFraction, fraction: 3},
		"time":                        {minTime: toFraction, maxTime: toFraction, zone: wantZone, fraction: 3},
		"time_no_millis":              {minTime: toSecond, maxTime: toSecond, zone: wantZone},
		"t_time":                      {minTime: toFraction, maxTime: toFraction, zone: wantZone, tPrefix: true, fraction: 3},
		"t_time_no_millis":            {minTime: toSecond, maxTime: toSecond, zone: wantZone, tPrefix: true},
	}
}
