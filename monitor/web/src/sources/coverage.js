// When a source was heard: a bar of the last days with its blind spots, and the same as a table.
import { html } from '../html.js'
import { chartWidth } from '../overview/charts.js'
import { full, span } from '../time.js'
import { causeWord } from './words.js'

const DAY_MS = 86400000
export const DAYS = 7
const HEIGHT = 44
const BAR = 28
const LEAST = 3 // a blind spot of minutes is seen, too

function place(gap, from, now, width) {
	const at = (time) => Math.min(Math.max((time - from) / (now - from), 0), 1) * width
	const left = at(Date.parse(gap.from))
	const right = at(gap.until ? Date.parse(gap.until) : now)
	return { x: Math.min(left, width - LEAST), width: Math.max(right - left, LEAST) }
}

function words(gap) {
	return `${gap.filled ? 'Read later' : 'Blind'}: ${full(gap.from)} to ${gap.until ? full(gap.until) : 'now'}, ${causeWord(gap.cause)}`
}

function Bar({ gaps, from, now }) {
	const width = chartWidth()
	const day = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
	const days = Array.from({ length: DAYS }, (_, i) => new Date(from + (i + 0.5) * DAY_MS))
	const missing = gaps.filter((g) => !g.filled).length
	return html`<svg class="coverage" viewBox="0 0 ${width} ${HEIGHT}" role="img"
		aria-label="The last ${DAYS} days: ${missing === 0 ? 'no blind spot' : missing === 1 ? 'one blind spot' : `${missing} blind spots`}. The table says when.">
		<rect class="heard" x="0" y="0" width=${width} height=${BAR} rx="4" />
		${gaps.map((g) => html`<rect class=${g.filled ? 'filled' : 'blind'} y="0" height=${BAR} ...${place(g, from, now, width)}><title>${words(g)}</title></rect>`)}
		${days.map((d, i) => html`<text x=${((i + 0.5) / DAYS) * width} y=${HEIGHT - 3} text-anchor="middle">${day.format(d)}</text>`)}
	</svg>`
}

export function Coverage({ source }) {
	const now = Date.now()
	const from = now - DAYS * DAY_MS
	const recent = source.gaps.filter((g) => !g.until || Date.parse(g.until) > from)
	return html`<h3>Coverage</h3>
		<${Bar} gaps=${recent} from=${from} now=${now} />
		${source.gaps.length === 0 ? html`<p class="hint">No blind spot is known.</p>` : html`<div class="wide-table" tabindex="0" role="region" aria-label="Blind spots"><table>
			<thead><tr><th scope="col">From</th><th scope="col">Until</th><th scope="col">How long</th><th scope="col">Because</th><th scope="col">Since then</th></tr></thead>
			<tbody>${source.gaps.map((g) => html`<tr><td>${full(g.from)}</td><td>${g.until ? full(g.until) : 'now'}</td>
				<td>${span(g.from, g.until ?? now)}</td><td>${causeWord(g.cause)}</td>
				<td>${g.filled ? 'read later, nothing is missing' : 'missing'}</td></tr>`)}</tbody></table></div>`}`
}
