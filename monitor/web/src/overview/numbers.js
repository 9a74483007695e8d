// What the charts show, made of what hark says.

const DAY_MS = 86400000

function dayOf(date) {
	const two = (n) => String(n).padStart(2, '0')
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

// The last `n` days of the reader's zone, today's last, as "2026-11-27".
export function lastDays(n, now = new Date()) {
	const noon = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 12)
	return Array.from({ length: n }, (_, i) => dayOf(new Date(noon.getTime() - (n - 1 - i) * DAY_MS)))
}

// {kinds: the most frequent first, days: [{day, counts by kind, sum}]}
export function byDay(signals, days) {
	const sums = new Map()
	const rows = new Map(days.map((day) => [day, { day, counts: {}, sum: 0 }]))
	for (const { day, kind, n } of signals) {
		const row = rows.get(day)
		if (row) {
			row.counts[kind] = n
			row.sum += n
			sums.set(kind, (sums.get(kind) ?? 0) + n)
		}
	}
	return { kinds: [...sums.keys()].sort((a, b) => sums.get(b) - sums.get(a) || a.localeCompare(b)), days: [...rows.values()], sums }
}

export const CLOCKS = [
	['post_to_seen', 'Posted to seen'], ['seen_to_alert', 'Seen to alert'], ['alert_to_claim', 'Alert to claim'],
	['claim_to_answer', 'Claim to answer'], ['post_to_answer', 'Posted to answer'],
]

const UNITS = [[86400000, 'd'], [3600000, 'h'], [60000, 'min'], [1000, 's']]

// "4 min", from milliseconds.
export function took(ms) {
	const [size, name] = UNITS.find(([unit]) => ms >= 2 * unit) ?? UNITS.at(-1)
	return `${Math.round(ms / size)} ${name}`
}

// From a second to a month on one axis: each step of it is a multiple of the one before.
export function logShare(ms) {
	return Math.min(Math.log(1 + ms / 1000) / Math.log(1 + 30 * 86400), 1)
}

export const FUNNEL = [
	['raised', 'Raised'], ['alerted', 'Somebody was alerted'], ['claimed', 'Claimed'], ['answered', 'Answered'], ['won', 'Won'],
	['lost', 'Lost'], ['dismissed', 'Not relevant'],
]
