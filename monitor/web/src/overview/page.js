import { useEffect, useMemo } from 'preact/hooks'
import uPlot from 'uplot'
import { Turns } from '../answers.js'
import { get, watch } from '../api.js'
import { html } from '../html.js'
import { follow } from '../route.js'
import { causeWord } from '../sources/words.js'
import { Store, useStore } from '../store.js'
import { full, span } from '../time.js'
import { Empty, Failed, Loading } from '../ui.js'
import { kindWord, KIND_NAMES } from '../words.js'
import { Bars, Columns, Figure, Spans } from './charts.js'
import { Plot } from './plot.js'
import { byDay, CLOCKS, FUNNEL, lastDays, logShare, took } from './numbers.js'

const RANGES = [[7, 'a week'], [30, '30 days'], [90, '90 days'], [366, 'a year']]
const LONG = 90 // days from which on it helps to zoom
const AGAIN_MS = 60000
const SOON_MS = 3000 // a rush of leads is looked at once …
const CALM = 20 // … and where counting takes long, seldom: so many times as long apart

class Overview extends Store {
	days = 30
	numbers = null
	problem = null
	#soon = null
	#took = 0
	#turns = new Turns()

	async load() {
		const { days } = this
		const turn = this.#turns.next()
		const started = performance.now()
		const answer = await get(`/overview?days=${days}&offset=${-new Date().getTimezoneOffset()}`).catch((why) => why)
		if (!this.#turns.take(turn)) {
			return
		}
		this.problem = answer instanceof Error ? answer : null
		this.numbers = answer instanceof Error ? this.numbers : { ...answer, days }
		this.#took = performance.now() - started
		this.changed()
	}

	choose(days) {
		this.#turns.know()
		this.days = days
		this.changed()
		this.load()
	}

	loadSoon() {
		this.#soon ??= setTimeout(() => {
			this.#soon = null
			this.load()
		}, Math.max(SOON_MS, CALM * this.#took))
	}

	// Until the function that is returned is called.
	keep(onLive) {
		const timer = setInterval(() => document.visibilityState === 'visible' && this.load(), AGAIN_MS)
		const end = watch({ lead: () => this.loadSoon() }, onLive)
		return () => {
			clearInterval(timer)
			clearTimeout(this.#soon)
			end()
		}
	}
}

const tone = (kind) => `kind-${Math.max(KIND_NAMES.indexOf(kind), 0)}`

// Stacked bars, the first kind at the bottom: drawn from the highest sum down, so that each covers what is above it.
function stacked(days, kinds, { of }) {
	const at = days.map((d) => new Date(`${d.day}T12:00`).getTime() / 1000)
	const sums = kinds.map((_, i) => days.map((d) => kinds.slice(0, i + 1).reduce((sum, k) => sum + (d.counts[k] ?? 0), 0)))
	const bars = uPlot.paths.bars({ size: [0.8, 40] })
	const series = kinds.map((k, i) => ({ fill: of(tone(k)), width: 0, paths: bars, points: { show: false }, data: sums[i] })).reverse()
	const top = Math.max(...days.map((d) => d.sum), 1)
	return {
		data: [at, ...series.map((s) => s.data)],
		options: { series: [{}, ...series], axes: [{}, { size: 44 }], scales: { y: { range: [0, top * 1.05] } } },
	}
}

function Signals({ numbers }) {
	const { kinds, days, sums } = byDay(numbers.signals, lastDays(numbers.days))
	const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
	const name = (day) => short.format(new Date(`${day}T12:00`))
	const columns = days.map((d) => ({
		label: name(d.day),
		parts: kinds.filter((k) => d.counts[k]).map((k) => ({ tone: tone(k), n: d.counts[k], title: `${name(d.day)}, ${kindWord(k)}: ${d.counts[k]}` })),
	}))
	const total = days.reduce((sum, d) => sum + d.sum, 0)
	const label = `Signals of each of ${numbers.days} days, ${total} in all. The table has the numbers.`
	const edge = (day, hour) => new Date(`${day}T${hour}`).getTime()
	const drawn = numbers.days < LONG ? html`<${Columns} columns=${columns} label=${label} />`
		: html`<${Plot} label=${label} from=${edge(days[0].day, '00:00')} until=${edge(days.at(-1).day, '23:59')} height=${240}
			make=${(inks) => stacked(days, kinds, inks)} of=${JSON.stringify(numbers.signals)} />`
	const chart = html`${drawn}
		<ul class="legend">${kinds.map((k) => html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class=${tone(k)} width="10" height="10" /></svg> ${kindWord(k)}</li>`)}</ul>`
	return html`<${Figure} title="Signals by day" hint="What rules found in new posts." chart=${chart}>
		<table><thead><tr><th scope="col">Day</th>${kinds.map((k) => html`<th scope="col">${kindWord(k)}</th>`)}<th scope="col">All</th></tr></thead>
			<tbody><tr><th scope="row"><strong>All</strong></th>${kinds.map((k) => html`<td>${sums.get(k)}</td>`)}<td>${total}</td></tr>
			${[...days].reverse().filter((d) => d.sum > 0).map((d) => html`<tr><th scope="row">${name(d.day)}</th>${kinds.map((k) => html`<td>${d.counts[k] ?? ''}</td>`)}<td>${d.sum}</td></tr>`)}</tbody></table><//>`
}

function Clocks({ numbers }) {
	const all = numbers.clocks.find((c) => c.by === 'all')
	if (!all) {
		return null
	}
	const rows = CLOCKS.filter(([id]) => all[id].n > 0).map(([id, name]) => ({
		label: name, note: `${took(all[id].p50_ms)}, ${took(all[id].p95_ms)}`,
		bars: [{ tone: 'late', share: logShare(all[id].p95_ms), title: `95 of 100 within ${took(all[id].p95_ms)}` },
			{ tone: 'usual', share: logShare(all[id].p50_ms), title: `half within ${took(all[id].p50_ms)}` }],
	}))
	const others = numbers.clocks.filter((c) => c.by !== 'all' && c.post_to_answer.n > 0)
	return html`<${Figure} title="Response clocks" hint="Dark: half of the leads were so fast. Light: 95 of 100 were. Longer times are drawn closer together."
		chart=${html`<${Bars} rows=${rows} label="How long each step took. The table has the numbers." />`}>
		<table><thead><tr><th scope="col">Step</th><th scope="col">Half within</th><th scope="col">95 of 100 within</th><th scope="col">Leads</th></tr></thead>
			<tbody>${CLOCKS.map(([id, name]) => html`<tr><th scope="row">${name}</th>${all[id].n > 0 ? html`<td>${took(all[id].p50_ms)}</td><td>${took(all[id].p95_ms)}</td>` : html`<td></td><td></td>`}<td>${all[id].n}</td></tr>`)}
			${others.map((c) => html`<tr><th scope="row">${c.by === 'rep' ? `Answered by ${c.name}` : `From ${c.name}`}</th><td>${took(c.post_to_answer.p50_ms)}</td><td>${took(c.post_to_answer.p95_ms)}</td><td>${c.post_to_answer.n}</td></tr>`)}</tbody></table><//>`
}

function Funnel({ numbers }) {
	const { funnel } = numbers
	const share = (n) => (funnel.raised > 0 ? n / funnel.raised : 0)
	const percent = (n) => `${Math.round(share(n) * 100)} %`
	const rows = FUNNEL.map(([id, name]) => ({
		label: name, note: `${funnel[id]}, ${percent(funnel[id])}`, bars: [{ tone: 'usual', share: share(funnel[id]), title: `${name}: ${funnel[id]}` }],
	}))
	return html`<${Figure} title="What became of leads" hint="Of those raised in this time." chart=${html`<${Bars} rows=${rows} label="How many of ${funnel.raised} leads got how far. The table has the numbers." />`}>
		<table><thead><tr><th scope="col">Step</th><th scope="col">Leads</th><th scope="col">Of all</th></tr></thead>
			<tbody>${FUNNEL.map(([id, name]) => html`<tr><th scope="row">${name}</th><td>${funnel[id]}</td><td>${percent(funnel[id])}</td></tr>`)}</tbody></table><//>`
}

function SourceLink({ name }) {
	return html`<a href="/sources/${name}" onClick=${follow}>${name}</a>`
}

function TopSources({ numbers }) {
	const most = Math.max(...numbers.sources.map((s) => s.signals), 1)
	const rows = numbers.sources.map((s) => ({
		label: s.source, note: `${s.leads} of ${s.signals}`,
		bars: [{ tone: 'late', share: s.signals / most, title: `${s.signals} signals` }, { tone: 'usual', share: s.leads / most, title: `${s.leads} leads` }],
	}))
	return html`<${Figure} title="Top sources" hint="Dark: leads. Light: signals." chart=${html`<${Bars} rows=${rows} label="The ${rows.length} sources that gave the most leads. The table has the numbers." />`}>
		<table><thead><tr><th scope="col">Source</th><th scope="col">Leads</th><th scope="col">Signals</th></tr></thead>
			<tbody>${numbers.sources.map((s) => html`<tr><th scope="row"><${SourceLink} name=${s.source} /></th><td>${s.leads}</td><td>${s.signals}</td></tr>`)}</tbody></table><//>`
}

function Blind({ numbers }) {
	if (numbers.blind.length === 0) {
		return html`<section class="figure" aria-label="Blind spots"><h2>Blind spots</h2><p>Every source was heard all the time.</p></section>`
	}
	const from = Date.parse(numbers.since)
	const place = (at) => Math.min(Math.max((Date.parse(at) - from) / (Date.now() - from), 0), 1)
	const names = [...new Set(numbers.blind.map((b) => b.source))]
	const rows = names.map((source) => ({
		label: source,
		spans: numbers.blind.filter((b) => b.source === source).map((b) => ({ from: place(b.from), until: place(b.until), title: `${full(b.from)} to ${full(b.until)}` })),
	}))
	return html`<${Figure} title="Blind spots" hint="When sources were not heard, and about how many leads that cost."
		chart=${html`<${Spans} rows=${rows} label="When ${names.length === 1 ? 'one source was' : `${names.length} sources were`} not heard. The table says when." />`}>
		<table><thead><tr><th scope="col">Source</th><th scope="col">From</th><th scope="col">How long</th><th scope="col">Because</th><th scope="col">Leads missed, about</th></tr></thead>
			<tbody>${numbers.blind.map((b) => html`<tr><th scope="row"><${SourceLink} name=${b.source} /></th><td>${full(b.from)}</td><td>${span(b.from, b.until)}</td><td>${causeWord(b.cause)}</td><td>${b.leads_missed.toFixed(1)}</td></tr>`)}</tbody></table><//>`
}

// What to do where there is nothing to show.
function FirstSteps({ numbers, me }) {
	const admin = me.role === 'admin'
	if (numbers.sources_total === 0) {
		return html`<${Empty} title="hark hears nothing yet"><p>It needs a source to read: a feed, a forum, a network.</p>
			${admin ? html`<p><a class="button" href="/sources/+" onClick=${follow}>Add the first source</a></p>` : html`<p>An admin adds it.</p>`}<//>`
	}
	if (numbers.rules_total === 0) {
		return html`<${Empty} title="hark does not know what to look for"><p>It has sources, but no rules.</p>
			${admin ? html`<p><a class="button" href="/rules/+" onClick=${follow}>Write the first rule</a></p>
				<p class="hint">Or name packs that come with hark in the configuration: <code>rules: [packs/social]</code></p>` : html`<p>An admin writes them.</p>`}<//>`
	}
	return html`<${Empty} title="Nothing was found in this time">
		<p>hark reads ${numbers.sources_total === 1 ? 'one source' : `${numbers.sources_total} sources`}. The first answer of a source raises nothing; what is published from then on is counted here.</p>
		<p><a class="button" href="/sources" onClick=${follow}>See how the sources go</a></p><//>`
}

function Numbers({ numbers, me }) {
	const none = numbers.signals.length === 0 && numbers.funnel.raised === 0
	return html`${none ? html`<${FirstSteps} numbers=${numbers} me=${me} />` : html`
			<${Signals} numbers=${numbers} /><${Funnel} numbers=${numbers} /><${Clocks} numbers=${numbers} />
			<${TopSources} numbers=${numbers} />`}
		${(!none || numbers.blind.length > 0) && html`<${Blind} numbers=${numbers} />`}`
}

export function OverviewPage({ me, onLive, setCommands }) {
	const overview = useStore(useMemo(() => new Overview(), []))
	useEffect(() => {
		overview.load()
		setCommands(RANGES.map(([days, name]) => ({ name: `Show the last ${name.replace(/^a /, '')}`, run: () => overview.choose(days) })))
		return overview.keep(onLive)
	}, [overview])
	const { numbers, problem } = overview
	return html`<main class="overview">
		<div class="overview-head"><h1>Overview</h1>
			<label>The last <select value=${overview.days} onChange=${(e) => overview.choose(Number(e.currentTarget.value))}>
				${RANGES.map(([days, name]) => html`<option value=${days}>${name.replace(/^a /, '')}</option>`)}</select></label></div>
		${problem !== null && html`<${Failed} problem=${problem} again=${() => overview.load()} />`}
		${numbers === null && problem === null && html`<${Loading} what="the numbers" />`}
		${numbers !== null && html`<${Numbers} numbers=${numbers} me=${me} />`}
	</main>`
}
