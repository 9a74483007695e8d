import { useEffect, useRef } from 'preact/hooks'
import { html } from '../html.js'
import { follow } from '../route.js'
import { Chip, Empty, Failed, Loading, Time } from '../ui.js'
import { dueLater, health } from './words.js'

function Row({ source, current, onOpen }) {
	const link = useRef(null)
	const [word, tone] = health(source)
	useEffect(() => {
		if (current) {
			link.current.scrollIntoView({ block: 'nearest' })
		}
	}, [current])
	const open = (event) => {
		if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
			event.preventDefault()
			onOpen(source.name)
		}
	}
	return html`<li><a ref=${link} class="row" href="/sources/${source.name}" data-source=${source.name}
		aria-current=${current ? 'true' : undefined} onClick=${open}>
		<span class="row-title">${source.name}</span>
		<span class="row-why">${source.error ?? source.url ?? source.connector}</span>
		<span class="row-foot"><${Chip} tone=${tone}>${word}<//>
			${source.changed && html`<span>last item <${Time} at=${source.changed} /></span>`}
			${!source.paused && !source.push && html`<span>due ${dueLater(source) ? html`<${Time} at=${source.due} />` : 'now'}</span>`}</span>
	</a></li>`
}

function Nothing({ sources, admin }) {
	if (sources.words !== '') {
		return html`<${Empty} title="No source is called that"><p><button onClick=${() => sources.find('')}>Show all of them</button></p><//>`
	}
	return html`<${Empty} title="There are no sources yet">
		<p>A source is what hark reads: a feed, a forum, a network. Without one it hears nothing.</p>
		${admin ? html`<p><a class="button" href="/sources/+" onClick=${follow}>Add the first one</a></p>` : html`<p>An admin adds them.</p>`}<//>`
}

export function List({ sources, admin, onOpen }) {
	const rows = sources.shown
	return html`<section class="list" aria-label="Sources">
		<div class="filters"><label class="find"><span>Find in this list</span><input type="search" value=${sources.words}
			onInput=${(e) => sources.find(e.currentTarget.value)} /></label>
			${admin && html`<a class="button add" href="/sources/+" onClick=${follow}>Add a source</a>`}</div>
		${sources.phase === 'loading' && html`<${Loading} what="the sources" />`}
		${sources.problem !== null && html`<${Failed} problem=${sources.problem} again=${() => sources.load()} />`}
		${sources.phase === 'ready' && rows.length === 0 && html`<${Nothing} sources=${sources} admin=${admin} />`}
		${rows.length > 0 && html`<ul class="rows">${rows.map((s) => html`<${Row} key=${s.name} source=${s}
			current=${s.name === sources.selected} onOpen=${onOpen} />`)}</ul>`}
	</section>`
}
