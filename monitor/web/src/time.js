// Times in the reader's zone, and how long ago they were.

const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const AGO = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' })
const STEPS = [[60, 'second'], [60, 'minute'], [24, 'hour'], [7, 'day'], [4.35, 'week'], [12, 'month'], [Infinity, 'year']]

export function full(at) {
	return FULL.format(new Date(at))
}

export function day(at) {
	return DAY.format(new Date(at))
}

export function ago(at, now = Date.now()) {
	let n = (new Date(at) - now) / 1000
	for (const [size, unit] of STEPS) {
		if (Math.abs(n) < size) {
			return unit === 'second' && Math.abs(n) < 45 ? 'just now' : AGO.format(Math.round(n), unit)
		}
		n /= size
	}
	return full(at)
}

// How long something took: "5 min", "3 h", "2 d".
export function span(from, to) {
	const minutes = Math.round((new Date(to) - new Date(from)) / 60000)
	if (minutes < 1) {
		return 'under a minute'
	}
	if (minutes < 120) {
		return `${minutes} min`
	}
	return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`
}
