import { Component } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { html } from '../html.js'
import { Chip, Empty, Failed, Loading, Time } from '../ui.js'
import { kindWord, KIND_NAMES, stateWord, whyWords } from '../words.js'
import { VIEWS } from './queue.js'

function whoHas(lead) {
	return lead.claim?.by ?? lead.owner
}

function Row({ lead, current, onOpen }) {
	const link = useRef(null)
	const [word, tone] = stateWord(lead.state)
	const closed = ['won', 'lost', 'dismissed', 'snoozed'].includes(lead.state)
	useEffect(() => {
		if (current) {
			link.current.scrollIntoView({ block: 'nearest' })
		}
	}, [current])
	const open = (event) => {
		if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
			event.preventDefault()
			onOpen(lead.id)
		}
	}
	return html`<li>
		<a ref=${link} class="row ${closed ? 'closed' : ''}" href="/leads/${lead.id}" data-lead=${lead.id}
			aria-current=${current ? 'true' : undefined} onClick=${open}>
			<span class="row-top"><span class="kind">${kindWord(lead.kind)}</span>${lead.starred && html`<span role="img" aria-label="Starred">★</span>`}
				<span class="score" title="Score, 0 to 100"><span class="unseen">Score </span>${lead.score}</span></span>
			<span class="row-title">${lead.title || lead.subject?.name || lead.id}</span>
			<span class="row-why">${whyWords(lead.why)}</span>
			<span class="row-foot"><${Chip} tone=${tone}>${word}<//>
				${lead.level === 'instant' && html`<${Chip} tone="hot">Urgent<//>`}
				${lead.title && lead.subject?.name && html`<span class="who">${lead.subject.name}</span>`}
				${whoHas(lead) && html`<span>${whoHas(lead)}</span>`}
				<${Time} at=${lead.clocks.posted ?? lead.clocks.seen} /></span>
		</a>
	</li>`
}

// A row is drawn anew when its lead has changed, and when it is chosen or not any more.
class KeptRow extends Component {
	shouldComponentUpdate(next) {
		return ['lead', 'current'].some((name) => next[name] !== this.props[name])
	}

	render(props) {
		return html`<${Row} ...${props} />`
	}
}

function Filters({ queue, onSearch }) {
	return html`<div class="filters">
		<label><span>Show</span><select value=${queue.view} onChange=${(e) => queue.choose({ view: e.currentTarget.value })}>
			${Object.entries(VIEWS).map(([id, v]) => html`<option value=${id}>${v.name}</option>`)}
		</select></label>
		<label><span>Kind</span><select value=${queue.kind} onChange=${(e) => queue.choose({ kind: e.currentTarget.value })}>
			<option value="">All</option>
			${KIND_NAMES.map((k) => html`<option value=${k}>${kindWord(k)}</option>`)}
		</select></label>
		<label class="find"><span>Find in this list</span><input type="search" value=${queue.words}
			onInput=${(e) => queue.find(e.currentTarget.value)} /></label>
		<button class="quiet" onClick=${onSearch}>Search all that was said <kbd aria-hidden="true">/</kbd></button>
	</div>`
}

function Nothing({ queue }) {
	if (queue.words !== '') {
		return html`<${Empty} title="Nothing in this list says that"><p>
			<button onClick=${() => queue.find('')}>Show all of it</button></p><//>`
	}
	if (queue.view !== 'open' || queue.kind !== '') {
		return html`<${Empty} title="No leads here"><p>
			<button onClick=${() => queue.choose({ view: 'open', kind: '' })}>Show what is to be worked on</button></p><//>`
	}
	return html`<${Empty} title="Nothing to work on">
		<p>New leads appear here by themselves.</p>
		<p>Is hark new here? The first poll of a source raises nothing; what it found is under
		“From first polls”. How each source goes is under <a href="/sources">Sources</a>.</p><//>`
}

export function List({ queue, onSearch, onOpen }) {
	const rows = queue.shown
	return html`<section class="list" aria-label="Leads">
		<${Filters} queue=${queue} onSearch=${onSearch} />
		<div class="news" role="status">${queue.news.size > 0 && html`<button class="main" onClick=${() => queue.load()}>
			Show ${queue.news.size} new ${queue.news.size === 1 ? 'lead' : 'leads'}</button>`}</div>
		${queue.phase === 'loading' && html`<${Loading} what="the leads" />`}
		${queue.phase === 'failed' && html`<${Failed} problem=${queue.problem} again=${() => queue.load()} />`}
		${queue.phase === 'ready' && rows.length === 0 && html`<${Nothing} queue=${queue} />`}
		${rows.length > 0 && html`<ul class="rows">
			${rows.map((lead) => html`<${KeptRow} key=${lead.id} lead=${lead}
				current=${lead.id === queue.selected} onOpen=${onOpen} />`)}
		</ul>`}
		${queue.next !== null && html`<p><button onClick=${() => queue.more()}>Show more</button></p>`}
	</section>`
}
