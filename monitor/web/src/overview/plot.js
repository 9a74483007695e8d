// A chart over time that can be zoomed into: with the mouse, with keys and with buttons (uPlot draws it). What it shows
// is in a table beside it, as with every chart.
import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { html } from '../html.js'
import { full } from '../time.js'

const CLOSER = 0.5
const STEP = 0.25 // of what is shown
const LEAST_S = 3600

// The colour that the style sheet gives an SVG shape of that class.
function colourOf(box, name) {
	const shape = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
	const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
	shape.setAttribute('class', name)
	svg.append(shape)
	box.append(svg)
	const { fill } = getComputedStyle(shape)
	svg.remove()
	return fill
}

function inks(box) {
	const style = getComputedStyle(box)
	return { ink: style.getPropertyValue('--ink'), line: style.getPropertyValue('--line'), of: (name) => colourOf(box, name) }
}

// What is shown after a step, kept within what there is. Where the end is shown it stays: most look at what is new.
function moved([min, max], [from, until], by, factor) {
	const wide = Math.min(Math.max((max - min) * factor, LEAST_S), until - from)
	const middle = max >= until && by === 0 ? until - wide / 2 : (min + max) / 2 + by * (max - min)
	const left = Math.min(Math.max(middle - wide / 2, from), until - wide)
	return [left, left + wide]
}

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const HOUR = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const DAY_S = 86400

// Days as the reader writes them, and the hours between them.
function ticks(_plot, splits, _axis, _space, step) {
	return splits.map((s) => {
		const at = new Date(s * 1000)
		return (step >= DAY_S || at.getHours() + at.getMinutes() === 0 ? DAY : HOUR).format(at)
	})
}

const STEPS = [['Closer', '+', 0, CLOSER], ['Wider', '-', 0, 1 / CLOSER], ['Earlier', 'ArrowLeft', -STEP, 1], ['Later', 'ArrowRight', STEP, 1], ['All of it', '0', 0, Infinity]]

// from, until: milliseconds; height: pixels; make(inks, width): {data, options} for uPlot, asked anew when the theme or the
// width is another; of: a text that says which data it is.
export function Plot({ label, from, until, height, make, of }) {
	const box = useRef(null)
	const plot = useRef(null)
	const shown = useRef(null) // seconds
	const [look, setLook] = useState(0)
	const [told, setTold] = useState('')
	const all = [from / 1000, until / 1000]
	useEffect(() => {
		const again = () => setLook((n) => n + 1)
		const dark = matchMedia('(prefers-color-scheme: dark)')
		const themes = new MutationObserver(again)
		const room = box.current
		let width = room.clientWidth
		const sizes = new ResizeObserver(() => {
			if (room.clientWidth !== width) {
				width = room.clientWidth
				again()
			}
		})
		themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
		sizes.observe(room)
		dark.addEventListener('change', again)
		return () => {
			themes.disconnect()
			sizes.disconnect()
			dark.removeEventListener('change', again)
		}
	}, [])
	useEffect(() => {
		shown.current = null
	}, [of])
	useEffect(() => {
		const colours = inks(box.current)
		const { data, options } = make(colours)
		const axis = { stroke: colours.ink, font: '14px system-ui, sans-serif', grid: { stroke: colours.line, width: 1 }, ticks: { stroke: colours.line, width: 1 } }
		const [x, ...others] = options.axes ?? [{}, {}]
		plot.current = new uPlot({
			width: box.current.clientWidth, height, legend: { show: false }, cursor: { drag: { x: true, y: false }, points: { show: false } }, ...options,
			axes: [{ ...axis, values: ticks, space: 80, ...x }, ...others.map((o) => ({ ...axis, ...o }))],
			scales: { x: { time: true, range: (_u, min, max) => moved([min ?? all[0], max ?? all[1]], all, 0, 1) }, ...options.scales },
			hooks: { ...options.hooks, setScale: [(u, name) => {
				if (name === 'x') {
					shown.current = [u.scales.x.min, u.scales.x.max]
					setTold(shown.current.map((s) => full(s * 1000)).join(' to '))
				}
			}] },
		}, data, box.current)
		const [min, max] = shown.current ?? all
		plot.current.setScale('x', { min, max })
		return () => plot.current.destroy()
	}, [of, look])
	const go = (by, factor) => {
		const [min, max] = moved(shown.current ?? all, all, by, factor)
		plot.current.setScale('x', { min, max })
	}
	const keys = (event) => {
		const step = STEPS.find(([, key]) => key === event.key || (key === '+' && event.key === '='))
		if (step && !event.ctrlKey && !event.metaKey && !event.altKey) {
			event.preventDefault()
			event.stopPropagation()
			go(step[2], step[3])
		}
	}
	return html`<div class="plot" role="group" aria-label="${label}: what is shown of it">
		<div class="canvas" ref=${box} role="img" aria-label=${label} tabindex="0" onKeyDown=${keys}></div>
		<div class="actions">${STEPS.map(([name, key, by, factor]) => html`<button key=${name} class="quiet" title="${name} (${key})" onClick=${() => go(by, factor)}>${name}</button>`)}<span class="hint" role="status">${told}</span></div>
	</div>`
}
