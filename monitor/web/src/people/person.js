// People who are known: who they are, where they have worked, what they have said.
import { useRef, useState } from 'preact/hooks'
import { useAnswer } from '../answers.js'
import { html } from '../html.js'
import { webAddress } from '../links.js'
import { Facts, Pane } from '../references/detail.js'
import { follow } from '../route.js'
import { Chip, Empty, Failed, Loading, Time } from '../ui.js'

function Row({ person: p, current, onOpen }) {
	const open = (event) => {
		if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
			event.preventDefault()
			onOpen(String(p.person))
		}
	}
	return html`<li><a class="row" href="/people/${p.person}" data-row=${p.person} aria-current=${current ? 'true' : undefined} onClick=${open}>
		<span class="row-title">${p.name}</span>
		<span class="row-why">${[p.title, p.employer].filter(Boolean).join(' at ') || 'no job that is known'}</span>
		<span class="row-foot">${p.kind && html`<${Chip}>${p.kind}<//>`}${p.owner && html`<span>${p.owner}</span>`}${p['one with'] && html`<span>one with ${p['one with']}</span>`}</span>
	</a></li>`
}

function Nothing({ asked, me, onFind }) {
	if (asked !== '') {
		return html`<${Empty} title="Nobody who is known is called that"><p>Part of a name, an employer or an address will do.</p>
			<p><button onClick=${() => onFind('')}>Show everybody</button></p><//>`
	}
	return html`<${Empty} title="Nobody is known yet"><p>hark learns who your contacts, customers and colleagues are from lists. A name alone never makes somebody a known person.</p>
		${me.role === 'admin' ? html`<p><a class="button" href="/people/lists" onClick=${follow}>Bring in a list</a></p>` : html`<p>An admin brings them in.</p>`}<//>`
}

export function PersonList({ records, me, asked, onFind, onOpen }) {
	const words = useRef(null)
	const find = (text) => {
		words.current.value = text
		onFind(text)
	}
	return html`<section class="list" aria-label="People">
		<div class="filters"><label class="find"><span>Find by name, employer or address</span><input ref=${words} type="search" maxlength="100"
			onInput=${(e) => onFind(e.currentTarget.value)} /></label></div>
		${records.phase === 'loading' && html`<${Loading} what="the people" />`}
		${records.phase === 'failed' && html`<${Failed} problem=${records.problem} again=${() => records.load()} />`}
		${records.phase === 'ready' && records.items.length === 0 && html`<${Nothing} asked=${asked} me=${me} onFind=${find} />`}
		<ul class="rows">${records.items.map((p) => html`<${Row} key=${p.person} person=${p} current=${String(p.person) === records.selected} onOpen=${onOpen} />`)}</ul>
		${records.items.length >= 100 && html`<p class="hint">These are the first hundred: type more of the name.</p>`}
	</section>`
}

// ---- moves ----

function Told({ source: s }) {
	const address = webAddress(s.url)
	return html`<li>${s.source}, ${s.kind}${s.effective ? `, as of ${s.effective}` : ''}, told <${Time} at=${s.told} />${s.known_by ? `; known by ${s.known_by}` : ''}
		${address && html` <a href=${address} target="_blank" rel="noopener noreferrer">Open</a>`}</li>`
}

function Story({ move }) {
	const { found, problem, again } = useAnswer(`/moves/${move}`)
	if (found === null) {
		return problem ? html`<${Failed} problem=${problem} again=${again} />` : html`<${Loading} what="who told of it" />`
	}
	return html`<p class="meta">Who told of it</p><ul class="history">${found.evidence.map((s) => html`<${Told} source=${s} />`)}</ul>
		${found.effects.length > 0 && html`<p class="meta">What followed</p><ul class="history">${found.effects.map((e) => html`<li>${e.text ?? `${e.effect} (${e.make})`}</li>`)}</ul>`}`
}

function Move({ move: m }) {
	const [opened, setOpened] = useState(false)
	const what = m.event === 'left' ? `Left ${m.from ?? 'a job'}` : `${m.event === 'changed' ? 'Changed to' : 'Joined'} ${m.to ?? 'another employer'}${m.title ? ` as ${m.title}` : ''}${m.from ? `, from ${m.from}` : ''}`
	return html`<details class="finding" onToggle=${(e) => setOpened(opened || e.currentTarget.open)}>
		<summary>${what} <${Chip} tone=${m.grade === 'A' ? 'good' : m.grade === 'B' ? 'busy' : 'plain'}>Grade ${m.grade}<//> <span class="hint">${m.sources} ${m.sources === 1 ? 'source' : 'sources'}, <${Time} at=${m.first} /></span></summary>
		${m.contradicts && html`<p class="reminder">Another source says otherwise: move ${m.contradicts}.</p>`}
		${opened && html`<${Story} move=${m.move} />`}
	</details>`
}

function Moves({ person }) {
	const { found, problem, again } = useAnswer(`/moves?person=${person}`)
	return html`<h3>Job moves</h3>${problem ? html`<${Failed} problem=${problem} again=${again} />` : found === null ? html`<${Loading} what="the moves" />`
		: found.items.length === 0 ? html`<p class="hint">None that hark has heard of.</p>` : found.items.map((m) => html`<${Move} key=${m.move} move=${m} />`)}`
}

// ---- one ----

const WHEN = { now: 'Now', before: 'Before', then: 'Then' }
const SAID = { move: 'Job move', post: 'Said', positive: 'Praise', mixed: 'Praise with a limit', negative: 'Unhappy', neutral: 'Neutral', none: 'Said' }

function Lines({ title, lines, word }) {
	return lines?.length > 0 && html`<h3>${title}</h3><table><tbody>${lines.map((l) => html`<tr><th scope="row">${word(l.kind)}</th><td>${l.value}</td></tr>`)}</tbody></table>`
}

function Whole({ card, person, me, onNominate }) {
	const facts = [['Kind', card.kind], ['Role', card.role], ['Owner', card.owner], ['Territory', card.territory], ['Place', card.location], ['Left on', card.left], ['Their own number', card.id]]
	const as = (kind) => kind
	return html`
		<h2 tabindex="-1" data-heading>${card.name}</h2>
		${me.role !== 'viewer' && html`<div class="actions" role="group" aria-label="What to do"><button onClick=${onNominate}>Put up as a reference <kbd aria-hidden="true">p</kbd></button></div>`}
		<${Facts} rows=${facts} />
		<${Lines} title="Employment" lines=${card.jobs} word=${(k) => WHEN[k] ?? k} />
		<h3>Timeline</h3>
		${card.timeline?.length > 0 ? html`<ol class="timeline">${card.timeline.map((l) => html`<li><${Time} at=${l.at} /> <${Chip} tone=${l.kind === 'negative' ? 'hot' : l.kind === 'move' ? 'busy' : 'plain'}>${SAID[l.kind] ?? l.kind}<//> <span>${l.value}</span></li>`)}</ol>`
			: html`<p class="hint">Nothing they did or said has been heard yet.</p>`}
		<${Moves} person=${person} />
		<${Lines} title="Known by" lines=${card['known by']} word=${as} />
		<${Lines} title="One with" lines=${card['one with']} word=${as} />
		<${Lines} title="To review" lines=${card['to review']} word=${as} />
		<${Lines} title="Imports" lines=${card.imports} word=${as} />`
}

export function PersonDetail({ records, me, onNominate, onBack }) {
	return html`<${Pane} records=${records} what="The person" choose="Choose somebody." onBack=${onBack}>
		${records.detail && html`<${Whole} card=${records.detail.card} person=${records.selected} me=${me} onNominate=${onNominate} />`}<//>`
}
