// What sales asks references for: how long it waits, who fits and why, what came of it.
import { useAnswer } from '../answers.js'
import { html } from '../html.js'
import { follow } from '../route.js'
import { span } from '../time.js'
import { Chip, Empty, Failed, Loading, Time } from '../ui.js'
import { ProofPack } from './beside.js'
import { Events, Facts, Pane, StepButtons } from './detail.js'
import { REQUEST_STEPS, requestRefusal } from './steps.js'
import { permissionWord, requestWord } from './words.js'

function money(r) {
	return r.value_cents === undefined ? null : new Intl.NumberFormat(undefined, r.currency ? { style: 'currency', currency: r.currency, maximumFractionDigits: 0 } : {}).format(r.value_cents / 100)
}

function worth(r) {
	try {
		return money(r)
	} catch { // a currency that is none
		return `${r.value_cents / 100} ${r.currency}`
	}
}

// From the request to the first name.
function Clock({ request: r }) {
	if (r.first_name) {
		return html`<span>first name after ${span(r.asked, r.first_name)}</span>`
	}
	if (r.ended) {
		return html`<span>nobody was named</span>`
	}
	return html`<${Chip} tone=${r.overdue ? 'hot' : 'plain'}>${r.overdue ? 'Late: ' : ''}waits ${span(r.asked, Date.now())}<//>`
}

function Row({ request: r, current, onOpen }) {
	const [word, tone] = requestWord(r.state)
	const open = (event) => {
		if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
			event.preventDefault()
			onOpen(r.id)
		}
	}
	return html`<li><a class="row ${r.ended ? 'closed' : ''}" href="/references/requests/${r.id}" data-row=${r.id} aria-current=${current ? 'true' : undefined} onClick=${open}>
		<span class="row-top"><span>${r.activity}</span><span>asked by ${r.rep}</span></span>
		<span class="row-title">${r.opportunity}</span>
		<span class="row-why">${[r.account, r.stage, worth(r)].filter(Boolean).join(', ')}</span>
		<span class="row-foot"><${Chip} tone=${tone}>${word}<//><${Clock} request=${r} /><${Time} at=${r.asked} /></span>
	</a></li>`
}

export function RequestList({ records, view, me, onView, onOpen, onAdd }) {
	return html`<section class="list" aria-label="Requests">
		<div class="filters"><label><span>Show</span><select value=${view} onChange=${(e) => onView(e.currentTarget.value)}>
			<option value="live">Under way</option><option value="mine">Mine</option><option value="all">All</option></select></label>
			<a href=${records.table()} download="requests.csv" aria-label="Requests as CSV">CSV</a>
			${me.role !== 'viewer' && html`<button onClick=${onAdd}>Ask for a reference <kbd aria-hidden="true">c</kbd></button>`}</div>
		${records.phase === 'loading' && html`<${Loading} what="the requests" />`}
		${records.phase === 'failed' && html`<${Failed} problem=${records.problem} again=${() => records.load()} />`}
		${records.phase === 'ready' && records.items.length === 0 && html`<${Empty} title="No requests here"><p>Whoever needs a customer to speak for a deal asks here, naming the opportunity.
			Opportunities come with <a href="/people/lists" onClick=${follow}>a list of them</a>.</p><//>`}
		<ul class="rows">${records.shown.map((r) => html`<${Row} key=${r.id} request=${r} current=${r.id === records.selected} onOpen=${onOpen} />`)}</ul>
		${records.next !== null && html`<p><button onClick=${() => records.more()}>Show more</button></p>`}
	</section>`
}

const AGREED = ['internal-only', 'named']

function Match({ match: m, name, busy }) {
	return html`<article class="finding">
		<p><a href="/references/${m.reference}" onClick=${follow}><strong>${m.name}</strong></a>${m.title ? `, ${m.title}` : ''}, ${m.account} <${Chip} tone=${m.fits ? 'good' : 'plain'}>${m.points} points<//>${' '}
			<${Chip} tone=${permissionWord(m.permission)[1]}>${permissionWord(m.permission)[0]}<//></p>
		<p class="meta">${m.reasons.map((r) => `${r.what}${r.value ? ` (${r.value})` : ''} ${r.points > 0 ? '+' : ''}${r.points}`).join(', ') || 'Nothing speaks for them in particular.'}</p>
		${m.left_out.length > 0 && html`<p class="reminder">Left out: ${m.left_out.join('; ')}</p>`}
		${m.fits && name && (AGREED.includes(m.permission) ? html`<p><button disabled=${busy} onClick=${() => name(m.reference)}>Name ${m.name}</button></p>`
			: html`<p class="hint">They have not agreed to anything yet: have them asked first.</p>`)}
	</article>`
}

function Matches({ request, name, busy }) {
	// They are others once somebody is named.
	const { found, problem, again } = useAnswer(`/requests/${request.id}/matches`, `${request.state} ${request.names.length}`)
	return html`<h3>Who fits</h3>
		${problem ? html`<${Failed} problem=${problem} again=${again} />` : found === null ? html`<${Loading} what="who fits" />`
			: found.items.length === 0 ? html`<p class="hint">There is nobody yet.</p>` : found.items.map((m) => html`<${Match} key=${m.reference} match=${m} name=${name} busy=${busy} />`)}`
}

function Whole({ request: r, me, act, busy }) {
	const [word, tone] = requestWord(r.state)
	const naming = requestRefusal(r, 'supply', me) === null ? (reference) => act('supply', { reference }) : null
	const facts = [
		['Opportunity', r.opportunity], ['Account', r.account], ['Stage', r.stage], ['Value', worth(r)], ['Asked by', r.rep], ['For', r.activity],
		['Who is to talk', r.role], ['What they weigh', r.weighs.join(', ')], ['Asked', html`<${Time} at=${r.asked} />`], ['First name', html`<${Clock} request=${r} />`],
		[r.ended ? 'Ended' : 'Ends', html`<${Time} at=${r.ended ?? r.due} />`], ['By the rule', r.rule], ['Why', r.why],
	]
	return html`
		<p class="meta"><${Chip} tone=${tone}>${word}<//></p>
		<h2 tabindex="-1" data-heading>${r.opportunity}</h2>
		<${StepButtons} steps=${REQUEST_STEPS} possible=${(step) => requestRefusal(r, step, me)} act=${act} busy=${busy} />
		<${Facts} rows=${facts} />
		${r.names.length > 0 && html`<h3>Named for it</h3><ul class="history">${r.names.map((n) => html`<li key=${n.reference}>${n.name} of ${n.account}${n.lent_by ? `, lent by ${n.lent_by}` : ''}, <${Time} at=${n.at} /></li>`)}</ul>`}
		${r.outcomes.length > 0 && html`<h3>How it went</h3><ul class="history">${r.outcomes.map((o) => html`<li key=${o.at}>${o.activity}: expected ${o.expected ?? 'not said'}, ${o.prospect ?? 'not said'} for the prospect, ${o.customer ?? 'not said'} for the customer${o.lessons ? `. ${o.lessons}` : ''}</li>`)}</ul>`}
		${!r.ended && html`<${Matches} request=${r} name=${naming} busy=${busy} />`}
		<${ProofPack} key=${r.id} request=${r} />
		<${Events} events=${r.history} />`
}

export function RequestDetail({ records, me, act, onBack }) {
	return html`<${Pane} records=${records} what="The request" choose="Choose a request." onBack=${onBack}>
		${records.detail && html`<${Whole} request=${records.detail} me=${me} act=${act} busy=${records.busy} />`}<//>`
}
