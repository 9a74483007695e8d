// When a source was heard: a bar of the last days with its blind spots, or longer and to be zoomed into, and the same as
// a table.
import { useState } from 'preact/hooks'
import { html } from '../html.js'
import { chartWidth } from '../overview/charts.js'
import { Plot } from '../overview/plot.js'
import { full, span } from '../time.js'
import { causeWord } from './words.js'

const DAY_MS = 86400000
export const DAYS = 7
const HEIGHT = 44
const BAR = 28
const LONG_DAYS = 90
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

function labelOf(days, gaps) {
	const missing = gaps.filter((g) => !g.filled).length
	return `The last ${days} days: ${missing === 0 ? 'no blind spot' : missing === 1 ? 'one blind spot' : `${missing} blind spots`}. The table says when.`
}

function Bar({ gaps, from, now }) {
	const width = chartWidth()
	const day = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
	const days = Array.from({ length: DAYS }, (_, i) => new Date(from + (i + 0.5) * DAY_MS))
	return html`<svg class="coverage" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${labelOf(DAYS, gaps)}>
		<rect class="heard" x="0" y="0" width=${width} height=${BAR} rx="4" />
		${gaps.map((g) => html`<rect class=${g.filled ? 'filled' : 'blind'} y="0" height=${BAR} ...${place(g, from, now, width)}><title>${words(g)}</title></rect>`)}
		${days.map((d, i) => html`<text x=${((i + 0.5) / DAYS) * width} y=${HEIGHT - 3} text-anchor="middle">${day.format(d)}</text>`)}
	</svg>`
}

// The same bar, drawn on the canvas of a plot.
function painted(gaps, from, now, { of }) {
	const [heard, filled, blind] = ['heard', 'filled', 'blind'].map(of)
	const paint = ({ ctx, bbox, valToPos }) => {
		ctx.save()
		ctx.beginPath()
		ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
		ctx.clip()
		ctx.fillStyle = heard
		ctx.fillRect(bbox.left, bbox.top, bbox.width, bbox.height)
		for (const g of gaps) {
			const left = valToPos(Date.parse(g.from) / 1000, 'x', true)
			const right = valToPos((g.until ? Date.parse(g.until) : now) / 1000, 'x', true)
			ctx.fillStyle = g.filled ? filled : blind
			ctx.fillRect(left, bbox.top, Math.max(right - left, LEAST * devicePixelRatio), bbox.height)
		}
		ctx.restore()
	}
	return {
		data: [[from / 1000, now / 1000], [0, 0]],
		options: { series: [{}, { show: false }], axes: [{ grid: { show: false } }, { show: false }], scales: { y: { range: [0, 1] } }, hooks: { drawClear: [paint] } },
	}
}

export function Coverage({ source }) {
	const [days, setDays] = useState(DAYS)
	const now = Date.now()
	const from = now - days * DAY_MS
	const recent = source.gaps.filter((g) => !g.until || Date.parse(g.until) > from)
	const minute = Math.floor(now / 60000)
	return html`<div class="coverage-head"><h3>Coverage</h3>
			<label>The last <select value=${days} onChange=${(e) => setDays(Number(e.currentTarget.value))}>${[DAYS, LONG_DAYS].map((n) => html`<option key=${n} value=${n}>${n} days</option>`)}</select></label></div>
		${days === DAYS ? html`<${Bar} gaps=${recent} from=${from} now=${now} />`
			: html`<div class="coverage"><${Plot} label=${labelOf(days, recent)} from=${from} until=${now} height=${90} of=${JSON.stringify([source.name, minute, recent])}
				make=${(inks) => painted(recent, from, now, inks)} /></div>`}
		${source.gaps.length === 0 ? html`<p class="hint">No blind spot is known.</p>` : html`<div class="wide-table" tabindex="0" role="region" aria-label="Blind spots"><table>
			<thead><tr><th scope="col">From</th><th scope="col">Until</th><th scope="col">How long</th><th scope="col">Because</th><th scope="col">Since then</th></tr></thead>
			<tbody>${source.gaps.map((g) => html`<tr><td>${full(g.from)}</td><td>${g.until ? full(g.until) : 'now'}</td>
				<td>${span(g.from, g.until ?? now)}</td><td>${causeWord(g.cause)}</td>
				<td>${g.filled ? 'read later, nothing is missing' : 'missing'}</td></tr>`)}</tbody></table></div>`}`
}
