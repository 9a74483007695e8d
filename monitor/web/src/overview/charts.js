// Charts as SVG, each with a table beside it that says the same in numbers.
import { html } from '../html.js'

// more: beside the title. state: what stands there while there is no table. Without a chart the table stands alone.
export function Figure({ title, hint, more, state, chart, children }) {
	return html`<section class="figure" aria-label=${title}>
		<div class="figure-head"><h2>${title}</h2>${more}</div>${hint && html`<p class="hint">${hint}</p>`}
		${state}${children && html`<div class="beside ${chart ? '' : 'alone'}">${chart && html`<div class="chart">${chart}</div>`}
			<div class="wide-table" tabindex="0" role="region" aria-label="${title}, as a table">${children}</div></div>`}
	</section>`
}

// Drawn smaller for a phone, where the same text would be too small to read.
const NARROW = matchMedia('(max-width: 40rem)')
export const chartWidth = () => (NARROW.matches ? 300 : 600)

const HEIGHT = 200
const FOOT = 22
const SIDE = 34

// A step for the axis: 1, 2 or 5 times a power of ten, of which three or four reach `max`.
function stepFor(max) {
	const power = 10 ** Math.floor(Math.log10(Math.max(max, 1) / 3 || 1))
	const step = [1, 2, 5, 10].map((n) => n * power).find((s) => max / s <= 4) ?? 10 * power
	return Math.max(step, 1)
}

// `columns`: [{label, parts: [{tone, n, title}]}], one stacked bar each; every `every`-th has its label below.
export function Columns({ columns, label }) {
	const width = chartWidth()
	const sums = columns.map((c) => c.parts.reduce((sum, p) => sum + p.n, 0))
	const step = stepFor(Math.max(...sums, 1))
	const top = Math.max(Math.ceil(Math.max(...sums, 1) / step) * step, step)
	const high = HEIGHT - FOOT - 8
	const wide = (width - SIDE) / columns.length
	const y = (n) => 8 + high - (n / top) * high
	const every = Math.ceil(columns.length / (width / 75))
	return html`<svg viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${label}>
		${Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step).map((n) => html`<g><line class="grid" x1=${SIDE} x2=${width} y1=${y(n)} y2=${y(n)} />
			<text x=${SIDE - 6} y=${y(n) + 4} text-anchor="end">${n}</text></g>`)}
		${columns.map((c, i) => {
			let below = 0
			return html`<g>${c.parts.map((p) => {
				const from = below
				below += p.n
				return html`<rect class=${p.tone} x=${SIDE + i * wide + wide * 0.1} width=${wide * 0.8} y=${y(below)} height=${y(from) - y(below)}><title>${p.title}</title></rect>`
			})}${i % every === 0 && html`<text x=${SIDE + (i + 0.5) * wide} y=${HEIGHT - 5} text-anchor="middle">${c.label}</text>`}</g>`
		})}
	</svg>`
}

const ROW = 34
const LETTER = 8 // about as wide as one is

// What fits beside what stands at the right.
function cut(text, beside, width) {
	const room = Math.max(Math.floor(width / LETTER) - beside.length - 2, 4)
	return text.length > room ? text.slice(0, room - 1) + '…' : text
}

// `rows`: [{label, bars: [{tone, share, title}], note}], shares from 0 to 1; a later bar lies over those before.
export function Bars({ rows, label }) {
	const width = chartWidth()
	const height = rows.length * ROW
	return html`<svg viewBox="0 0 ${width} ${Math.max(height, ROW)}" role="img" aria-label=${label}>
		${rows.map((r, i) => html`<g><text x="0" y=${i * ROW + 12}>${cut(r.label, r.note, width)}</text><text x=${width} y=${i * ROW + 12} text-anchor="end">${r.note}</text>
			<rect class="ground" x="0" y=${i * ROW + 17} width=${width} height="10" rx="3" />
			${r.bars.map((b) => html`<rect class=${b.tone} x="0" y=${i * ROW + 17} width=${Math.max(b.share * width, b.share > 0 ? 2 : 0)} height="10" rx="3"><title>${b.title}</title></rect>`)}</g>`)}
	</svg>`
}

// `rows`: [{label, spans: [{from, until, title}]}], as shares of the time that is shown.
export function Spans({ rows, label }) {
	const width = chartWidth()
	return html`<svg viewBox="0 0 ${width} ${Math.max(rows.length * ROW, ROW)}" role="img" aria-label=${label}>
		${rows.map((r, i) => html`<g><text x="0" y=${i * ROW + 12}>${cut(r.label, '', width)}</text>
			<rect class="heard" x="0" y=${i * ROW + 17} width=${width} height="10" rx="3" />
			${r.spans.map((s) => html`<rect class="blind" x=${Math.min(s.from * width, width - 3)} width=${Math.max((s.until - s.from) * width, 3)} y=${i * ROW + 17} height="10"><title>${s.title}</title></rect>`)}</g>`)}
	</svg>`
}
