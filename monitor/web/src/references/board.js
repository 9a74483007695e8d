// The board: who speaks well of us, by how far they have agreed, and whether they may be asked.
import { useEffect, useRef } from 'preact/hooks'
import { html } from '../html.js'
import { follow } from '../route.js'
import { Chip, Day, Empty, Failed, Loading, Time } from '../ui.js'
import { against } from './steps.js'
import { COLUMNS, FOLDED, toneWord } from './words.js'

export const VIEWS = {
	all: { name: 'All', query: {} },
	mine: { name: 'Mine', query: {} },
	unowned: { name: 'Whose gate nobody keeps', query: { unowned: 'true' } },
	orphans: { name: 'Whose gatekeeper has left', query: { orphans: 'true' } },
	historic: { name: 'From first polls', query: { historic: 'true' } },
}

export function Verdict({ reference: r }) {
	if (r.guard.may_ask) {
		return html`<span class="verdict-line"><${Chip} tone="good">May be asked<//>${r.ask_through && ` through ${r.ask_through}`}</span>`
	}
	return html`<span class="verdict-line"><${Chip} tone="hot">Not now<//> ${against(r).join('; ')}${r.guard.next_free && html`, free again <${Day} at=${r.guard.next_free} />`}</span>`
}

export function Parts({ statement }) {
	const limits = (statement?.parts ?? []).filter((p) => p.part === 'limit' && p.text)
	return limits.map((p) => html`<span class="limit" key=${p.text}><strong>Limit:</strong> ${p.text}</span>`)
}

function Card({ reference: r, current, onOpen }) {
	const link = useRef(null)
	useEffect(() => {
		if (current) {
			link.current.scrollIntoView({ block: 'nearest', inline: 'nearest' })
		}
	}, [current])
	const open = (event) => {
		if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
			event.preventDefault()
			onOpen(r.id)
		}
	}
	return html`<li><a ref=${link} class="row card" href="/references/${r.id}" data-row=${r.id} aria-current=${current ? 'true' : undefined} onClick=${open}>
		<span class="row-title">${r.name}</span>
		<span class="row-foot">${r.title && html`<span>${r.title}</span>`}<span>${r.account_name}</span></span>
		${r.said ? html`<span class="said">${r.said.text}</span><${Parts} statement=${r.said} />` : html`<span class="row-why">${r.nominated_by ? `Put up by ${r.nominated_by}` : 'Nothing that may be shown'}</span>`}
		<${Verdict} reference=${r} />
		<span class="row-foot"><span>${toneWord(r.tone)}</span>
			<span>${r.owner ? `Owner ${r.owner}` : 'Nobody owns it'}${r.gatekeeper && r.gatekeeper !== r.owner ? `, gate ${r.gatekeeper}` : ''}</span>
			${r.ask_due && html`<span>${r.ask_to} has until <${Time} at=${r.ask_due} /></span>`}</span>
	</a></li>`
}

function Cards({ rows, records, onOpen }) {
	return html`<ul class="rows">${rows.map((r) => html`<${Card} key=${r.id} reference=${r} current=${r.id === records.selected} onOpen=${onOpen} />`)}</ul>`
}

function Column({ id, name, records, onOpen }) {
	const rows = records.shown.filter((r) => r.permission === id)
	return html`<section class="column" aria-labelledby="column-${id}">
		<h2 id="column-${id}">${name} <span class="hint">${rows.length}</span></h2>
		${rows.length > 0 ? html`<${Cards} rows=${rows} records=${records} onOpen=${onOpen} />` : html`<p class="hint">Nobody.</p>`}
	</section>`
}

function Nothing({ records, view, onView }) {
	if (records.words !== '') {
		return html`<${Empty} title="Nobody here is called that"><p><button onClick=${() => records.find('')}>Show all of them</button></p><//>`
	}
	if (view !== 'all') {
		return html`<${Empty} title="Nobody here"><p><button onClick=${() => onView('all')}>Show all references</button></p><//>`
	}
	return html`<${Empty} title="No references yet">
		<p>Whoever is known to work at a customer and says something good in public appears here by themselves.</p>
		<p>For that hark has to know your customers and who works there: <a href="/people/lists" onClick=${follow}>lists of accounts and contacts</a> say so.
		Somebody who is known can be put up as a reference on the page People.</p><//>`
}

// In the order in which they are shown.
export function inOrder(records) {
	const rank = [...COLUMNS, ...FOLDED].map(([id]) => id)
	return [...records.shown].sort((a, b) => rank.indexOf(a.permission) - rank.indexOf(b.permission))
}

export function Board({ records, view, onView, onOpen }) {
	const { shown } = records
	const folded = shown.filter((r) => FOLDED.some(([id]) => id === r.permission))
	const none = records.phase === 'ready' && shown.length === 0
	return html`<section class="list board" aria-label="References by permission">
		<div class="filters">
			<label><span>Show</span><select value=${view} onChange=${(e) => onView(e.currentTarget.value)}>
				${Object.entries(VIEWS).map(([id, v]) => html`<option value=${id}>${v.name}</option>`)}</select></label>
			<label class="find"><span>Find by name, account or words</span><input type="search" value=${records.words}
				onInput=${(e) => records.find(e.currentTarget.value)} /></label>
			<a href=${records.table()} download="references.csv" aria-label="References as CSV">CSV</a>
		</div>
		${records.phase === 'loading' && html`<${Loading} what="the references" />`}
		${records.phase === 'failed' && html`<${Failed} problem=${records.problem} again=${() => records.load()} />`}
		${none ? html`<${Nothing} records=${records} view=${view} onView=${onView} />` : html`<div class="columns">
			${COLUMNS.map(([id, name]) => html`<${Column} key=${id} id=${id} name=${name} records=${records} onOpen=${onOpen} />`)}</div>`}
		${folded.length > 0 && html`<details open=${folded.some((r) => r.id === records.selected)}><summary>Withdrawn or expired (${folded.length})</summary>
			<${Cards} rows=${folded} records=${records} onOpen=${onOpen} /></details>`}
		${records.next !== null && html`<p><button onClick=${() => records.more()}>Show more</button></p>`}
	</section>`
}
