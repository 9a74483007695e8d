// Pairs that may be one person, side by side, and what somebody decides about them.
import { html } from '../html.js'
import { Pane } from '../references/detail.js'
import { webAddress } from '../links.js'
import { Chip, Empty, Failed, Loading, Time } from '../ui.js'

const STATES = { open: ['To decide', 'new'], accepted: ['One person', 'good'], rejected: ['Two people', 'plain'] }
const WHY = { 'same-name': 'the same name', 'same-email': 'the same address' }
const TONE = { 'agrees': 'good', 'may agree': 'busy', 'differs': 'hot' }

function side(r) {
	return r.author ? 'somebody who writes posts' : r.move ? 'whose job has changed' : 'another known person'
}

function Row({ review: r, current, onOpen }) {
	const [word, tone] = STATES[r.state]
	const open = (event) => {
		if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
			event.preventDefault()
			onOpen(String(r.review))
		}
	}
	return html`<li><a class="row" href="/people/reviews/${r.review}" data-row=${r.review} aria-current=${current ? 'true' : undefined} onClick=${open}>
		<span class="row-title">${r.person_name} and ${r.other_name ?? 'somebody'}</span>
		<span class="row-why">${WHY[r.why] ?? r.why}${r.detail ? `: ${r.detail}` : ''}</span>
		<span class="row-foot"><${Chip} tone=${tone}>${word}<//><span>${side(r)}</span><${Time} at=${r.created} /></span>
	</a></li>`
}

export function ReviewList({ records, view, onView, onOpen }) {
	return html`<section class="list" aria-label="Reviews">
		<div class="filters"><label><span>Show</span><select value=${view} onChange=${(e) => onView(e.currentTarget.value)}>
			<option value="open">To decide</option><option value="accepted">One person</option><option value="rejected">Two people</option><option value="all">All</option></select></label></div>
		${records.phase === 'loading' && html`<${Loading} what="the reviews" />`}
		${records.phase === 'failed' && html`<${Failed} problem=${records.problem} again=${() => records.load()} />`}
		${records.phase === 'ready' && records.items.length === 0 && html`<${Empty} title="Nothing to decide here"><p>Two people who look alike, an author with the name of somebody who is known,
			or a stranger who has moved come here by themselves: a name alone never makes anybody a known person.</p><//>`}
		<ul class="rows">${records.items.map((r) => html`<${Row} key=${r.review} review=${r} current=${String(r.review) === records.selected} onOpen=${onOpen} />`)}</ul>
		${records.next !== null && html`<p><button onClick=${() => records.more()}>Show more</button></p>`}
	</section>`
}

function Side({ title, lines, of, verdicts }) {
	return html`<article class="finding side" aria-label=${title}><h3>${title}</h3>
		<dl>${lines.map((l) => html`<div key=${l.what}><dt>${l.what}${verdicts && l.verdict && html` <${Chip} tone=${TONE[l.verdict]}>${l.verdict}${l.reason ? `: ${l.reason}` : ''}<//>`}</dt>
			<dd>${l[of] ?? html`<span class="hint">not known</span>`}</dd></div>`)}</dl></article>`
}

function Whole({ review: r, me, act, undo, busy }) {
	const name = r.sides.find((l) => l.what === 'name') ?? {}
	const [word, tone] = STATES[r.state]
	const works = me.role !== 'viewer'
	const said = r.said_at && webAddress(r.said_at)
	return html`
		<p class="meta"><${Chip} tone=${tone}>${word}<//> for ${WHY[r.why] ?? r.why}${r.detail ? `: ${r.detail}` : ''}</p>
		<h2 tabindex="-1" data-heading>Are ${name.person ?? 'these two'} and ${name.other ?? 'the other'} one person?</h2>
		<div class="actions" role="group" aria-label="What to decide">
			${works && r.state === 'open' && html`<button class="main" disabled=${busy} data-step="accept" onClick=${() => act('accept')}>They are one <kbd aria-hidden="true">y</kbd></button>
				<button disabled=${busy} data-step="reject" onClick=${() => act('reject')}>They are two <kbd aria-hidden="true">n</kbd></button>`}
			${works && r.state !== 'open' && html`<button disabled=${busy} data-step="undo" onClick=${undo}>Take it back <kbd aria-hidden="true">u</kbd></button>`}
			${!works && html`<p class="hint">You may look at reviews; to decide them, ask for another role.</p>`}
			${r.decided_by && html`<p class="hint">Decided by ${r.decided_by}, <${Time} at=${r.decided} />.</p>`}
		</div>
		<div class="sides">
			<${Side} title=${`Known: person ${r.person}`} lines=${r.sides} of="person" />
			<${Side} title=${r.author ? `Author ${r.author}` : r.move ? `Move ${r.move}` : `Person ${r.other}`} lines=${r.sides} of="other" verdicts />
		</div>
		${r.said && html`<article class="finding" aria-label="What the author said last"><h3>Said last</h3><p>${r.said}</p>
			${said && html`<p><a href=${said} target="_blank" rel="noopener noreferrer">Open the post</a></p>`}</article>`}
		<p class="hint">If they are one, the older stands for both from then on; nothing of either is lost, and it can be taken back.</p>`
}

export function ReviewDetail({ records, me, act, undo, onBack }) {
	return html`<${Pane} records=${records} what="The review" choose="Choose a pair." onBack=${onBack}>
		${records.detail && html`<${Whole} review=${records.detail} me=${me} act=${act} undo=${undo} busy=${records.busy} />`}<//>`
}
