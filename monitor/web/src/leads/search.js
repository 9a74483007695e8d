// A search in all that was said, over the page: what is found opens its lead, or shows the statement.
import { useState } from 'preact/hooks'
import { get } from '../api.js'
import { html } from '../html.js'
import { webAddress } from '../links.js'
import { cut } from '../marks.js'
import { Store } from '../store.js'
import { Chip, Dialog, Failed, Loading, Time } from '../ui.js'
import { kindWord } from '../words.js'
import { Marked, Reminder } from './evidence.js'

const TYPED_MS = 300
const BEFORE = 60
const AFTER = 200

export class Search extends Store {
	words = ''
	items = []
	next = null
	waiting = 0
	phase = 'none' // 'loading', 'ready', 'failed'
	problem = null
	#abort = null
	#timer = null

	type(words) {
		this.words = words
		clearTimeout(this.#timer)
		this.#timer = setTimeout(() => this.run(), TYPED_MS)
		this.changed()
	}

	async run() {
		clearTimeout(this.#timer)
		this.#abort?.abort()
		this.items = []
		this.next = null
		this.phase = this.words.trim() === '' ? 'none' : 'loading'
		this.changed()
		if (this.phase === 'loading') {
			await this.more()
		}
	}

	// A page may hold nothing and still have one after it.
	async more() {
		this.#abort?.abort()
		const abort = this.#abort = new AbortController()
		try {
			do {
				const query = new URLSearchParams({ q: this.words })
				if (this.next !== null) {
					query.set('cursor', this.next)
				}
				const page = await get('/search?' + query, abort.signal)
				this.items = this.items.concat(page.items)
				this.next = page.next ?? null
				this.waiting = page.waiting
			} while (this.items.length === 0 && this.next !== null)
			this.phase = 'ready'
		} catch (why) {
			if (abort.signal.aborted) {
				return
			}
			this.problem = why
			this.phase = 'failed'
		}
		this.changed()
	}
}

// The pieces of a text around its first mark.
function around(text, spans) {
	const pieces = cut(text, spans, 'text')
	const first = Math.max(pieces.findIndex(([, marked]) => marked), 0)
	const shown = pieces.slice(first > 0 ? first - 1 : 0)
	if (first > 0 && shown[0][0].length > BEFORE) {
		shown[0] = ['…' + [...shown[0][0]].slice(-BEFORE).join(''), false]
	}
	let left = BEFORE + AFTER
	return shown.map(([piece, marked]) => {
		const kept = [...piece].slice(0, left).join('')
		left -= kept.length
		return [left > 0 || kept === '' ? kept : kept + '…', marked]
	}).filter(([piece]) => piece !== '')
}

function whoSaid(hit) {
	return hit.person?.name ?? hit.author?.display_name ?? hit.author?.handle ?? 'somebody'
}

function Statement({ hit }) {
	const address = webAddress(hit.url)
	return html`<div class="finding">
		<blockquote><p class="post-text"><${Marked} text=${hit.text ?? ''} spans=${hit.spans} field="text" /></p></blockquote>
		<p class="meta">${whoSaid(hit)}${hit.account && html`, ${hit.account.name}`} on ${hit.source}. No lead rests on it.</p>
		${address && html`<div class="answer"><a class="button" href=${address} target="_blank" rel="noopener noreferrer">Open the post</a>
			<${Reminder} post=${hit} /></div>`}
	</div>`
}

function Hit({ hit, onOpen }) {
	const [shown, setShown] = useState(false)
	const choose = () => (hit.lead ? onOpen(hit.lead) : setShown(!shown))
	return html`<li>
		<button class="row" data-found=${hit.post} aria-expanded=${hit.lead ? undefined : shown} onClick=${choose}>
			${hit.title && html`<span class="row-title"><${Marked} text=${hit.title} spans=${hit.spans} field="title" /></span>`}
			${hit.text && html`<span>${around(hit.text, hit.spans).map(([piece, marked]) => (marked ? html`<mark>${piece}</mark>` : piece))}</span>`}
			<span class="row-foot"><span class="who">${whoSaid(hit)}${hit.account && html`, ${hit.account.name}`}</span>
				${hit.kinds.map((k) => html`<${Chip} key=${k}>${kindWord(k)}<//>`)}
				${hit.private && html`<${Chip} tone="hot">Not public<//>`}
				<span>${hit.lead ? 'opens its lead' : 'no lead'}</span>
				<${Time} at=${hit.said ?? hit.seen} /></span>
		</button>
		${shown && html`<${Statement} hit=${hit} />`}
	</li>`
}

function Found({ search, onOpen }) {
	if (search.phase === 'none') {
		return html`<p class="hint">All words are in what was said, or are the name of who said it. <code>"late invoices"</code> is a phrase,
			<code>invoic*</code> a beginning, <code>-hiring</code> leaves out.</p>`
	}
	if (search.phase === 'loading') {
		return html`<${Loading} what="what was said" />`
	}
	if (search.phase === 'failed') {
		return html`<${Failed} problem=${search.problem} again=${search.problem.status === 400 ? null : () => search.run()} />`
	}
	return html`
		<p role="status" class="hint">${search.items.length === 0 ? 'Nothing was said like that. Try a word less, or the beginning of one.'
			: `${search.items.length}${search.next === null ? '' : ' or more'} found, the newest first.`}
			${search.waiting > 0 && ` ${search.waiting} that came a moment ago can be found a little later.`}</p>
		<ul class="rows">${search.items.map((hit) => html`<${Hit} key=${hit.post} hit=${hit} onOpen=${onOpen} />`)}</ul>
		${search.next !== null && html`<p><button onClick=${() => search.more()}>Show more</button></p>`}`
}

export function SearchBox({ search, onOpen, onClose }) {
	const submit = (event) => {
		event.preventDefault()
		search.run()
	}
	const keys = (event) => {
		const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
		if (by) {
			event.preventDefault()
			const stops = [...event.currentTarget.querySelectorAll('input, [data-found]')]
			stops[Math.max(0, Math.min(stops.indexOf(document.activeElement) + by, stops.length - 1))].focus()
		}
	}
	return html`<${Dialog} title="Search all that was said" onClose=${onClose} wide>
		<div class="stack search" onKeyDown=${keys}>
			<form role="search" onSubmit=${submit}><input class="words" aria-label="Words to search for" autofocus autocomplete="off"
				maxlength="1000" value=${search.words} onInput=${(e) => search.type(e.currentTarget.value)} /></form>
			<${Found} search=${search} onOpen=${onOpen} />
		</div>
	<//>`
}
